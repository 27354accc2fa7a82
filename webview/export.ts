/** Pictures and tables as files: with the colours that the page shows, and without its style sheet. */
import type { Host } from './host';

/** What a picture's look is made of; read from the page and written into the file. */
const LOOK = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap'],
  ...['stroke-linejoin', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline'],
] as const;

/** Pixels of a PNG for one of the picture's. */
const SCALE = 2;
const MARGIN = 12;

/**
 * A picture of the page as a file of its own, on the page's background.
 * @param words title and description, which travel with it
 */
export function svgText(
  picture: SVGSVGElement,
  words: { readonly title: string; readonly description: string },
): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const originals = [picture, ...picture.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  for (const [i, original] of originals.entries()) {
    const look = getComputedStyle(original);
    const target = copies[i];
    for (const name of LOOK) target?.setAttribute(name, look.getPropertyValue(name));
    target?.removeAttribute('class');
  }
  const { width, height } = picture.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`);
  copy.setAttribute('width', String(width + 2 * MARGIN));
  copy.setAttribute('height', String(height + 2 * MARGIN));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const box = { x: -MARGIN, y: -MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  for (const [name, value] of Object.entries(box)) ground.setAttribute(name, String(value));
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(textElement('title', words.title), textElement('desc', words.description), ground);
  return new XMLSerializer().serializeToString(copy);
}

function textElement(name: 'title' | 'desc', words: string): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  element.textContent = words;
  return element;
}

/** The same as pixels. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${base64Of(new TextEncoder().encode(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * SCALE;
  canvas.height = image.height * SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return pngOfCanvas(canvas);
}

export function pngOfCanvas(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('no picture could be made')) : resolve(blob)),
      'image/png',
    ),
  );
}

/** Hands a file to the editor, which asks where to save it, or to the browser. */
export async function saveFile(host: Pick<Host, 'post'>, name: string, contents: string | Blob): Promise<void> {
  const bytes =
    typeof contents === 'string' ? new TextEncoder().encode(contents) : new Uint8Array(await contents.arrayBuffer());
  host.post({ type: 'save', name, base64: base64Of(bytes) });
}

const CHUNK = 8192; // `fromCharCode` takes its arguments on the stack

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
}

/** Rows as comma-separated values (RFC 4180); numbers as JavaScript writes them, what is not there as nothing. */
export function csvText(head: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  const cell = (value: string | number | undefined) => {
    const words = value === undefined ? '' : String(value);
    return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

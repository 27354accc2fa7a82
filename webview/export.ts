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

/** What travels with a picture. */
export interface PictureWords {
  readonly title: string;
  readonly description: string;
  /** The list that tells its marks apart (a plot's legend), written below the picture. */
  readonly legend?: Element | null | undefined;
}

const SVG = 'http://www.w3.org/2000/svg';
const LEGEND = { columns: 3, row: 18, mark: 34 };

/** A picture of the page as a file of its own, on the page's background. */
export function svgText(picture: SVGSVGElement, { title, description, legend }: PictureWords): string {
  const { width, height: own } = picture.viewBox.baseVal;
  const entries = [...(legend?.querySelectorAll('li') ?? [])];
  const height = own + Math.ceil(entries.length / LEGEND.columns) * LEGEND.row;
  const copy = withLook(picture);
  const box = { x: -MARGIN, y: -MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  set(copy, { xmlns: SVG, width: box.width, height: box.height, viewBox: Object.values(box).join(' ') });
  const ground = set(document.createElementNS(SVG, 'rect'), {
    ...box,
    fill: getComputedStyle(document.body).backgroundColor,
  });
  copy.prepend(textElement('title', title), textElement('desc', description), ground);
  for (const [i, entry] of entries.entries()) {
    const x = (i % LEGEND.columns) * (width / LEGEND.columns);
    copy.append(legendEntry(entry, x, own + Math.floor(i / LEGEND.columns) * LEGEND.row));
  }
  return new XMLSerializer().serializeToString(copy);
}

function legendEntry(entry: Element, x: number, y: number): SVGElement {
  const group = set(document.createElementNS(SVG, 'g'), { transform: `translate(${x} ${y})` });
  const mark = entry.querySelector('svg');
  if (mark !== null) group.append(withLook(mark));
  const words = set(document.createElementNS(SVG, 'text'), { x: LEGEND.mark, y: 10, 'font-size': '12px' });
  const look = getComputedStyle(entry);
  set(words, { fill: look.color, 'font-family': look.fontFamily });
  words.textContent = entry.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '';
  group.append(words);
  return group;
}

/** A copy whose look is written out, instead of taken from the page's style sheet. */
function withLook(picture: SVGSVGElement): SVGSVGElement {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const originals = [picture, ...picture.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  for (const [i, original] of originals.entries()) {
    const look = getComputedStyle(original);
    const target = copies[i];
    for (const name of LOOK) target?.setAttribute(name, look.getPropertyValue(name));
    target?.removeAttribute('class');
  }
  return copy;
}

function set<T extends SVGElement>(element: T, attributes: Readonly<Record<string, string | number>>): T {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

function textElement(name: 'title' | 'desc', words: string): SVGElement {
  const element = document.createElementNS(SVG, name);
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

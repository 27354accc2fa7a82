/** A drawing as SVG text with colours of its own, for places that take no style sheet: a hover, a README. */
import { coordinate, type Drawing, type Shape } from './drawing';

export interface Palette {
  readonly ink: string;
  readonly lit: string;
  readonly paper: string;
}

export const LIGHT: Palette = { ink: '#3b3b3b', lit: '#1a6fc4', paper: '#ffffff' };
export const DARK: Palette = { ink: '#cccccc', lit: '#59a4f9', paper: '#1f1f1f' };

type Look = Readonly<Record<string, string | number>>;

/** How each role looks; a face's name follows it. */
function looks({ ink, lit, paper }: Palette): Readonly<Record<string, Look>> {
  const line = (width: number, opacity: number) => ({
    fill: 'none',
    stroke: ink,
    'stroke-width': width,
    'stroke-opacity': opacity,
  });
  return {
    face: { fill: ink, 'fill-opacity': 0.07 },
    'lit top': { fill: lit, 'fill-opacity': 0.55 },
    'lit left': { fill: lit, 'fill-opacity': 0.75 },
    'lit right': { fill: lit, 'fill-opacity': 0.9 },
    hatch: { fill: 'none' },
    grid: line(0.5, 0.25),
    border: line(1.25, 0.7),
    outline: line(1.25, 0.7),
    'lit-edge': { fill: 'none', stroke: lit, 'stroke-width': 1.5 },
    picked: { fill: 'none', stroke: ink, 'stroke-width': 2 },
    cell: { fill: 'none', stroke: paper, 'stroke-width': 2 },
    arrow: line(1.5, 1),
    label: { fill: ink, 'font-size': 11 },
    number: { fill: ink, 'font-size': 10 },
  };
}

export function drawingSvg({ width, height, shapes, words }: Drawing, palette: Palette): string {
  const table = looks(palette);
  const [w, h] = [coordinate(width), coordinate(height)];
  const body = shapes.map((shape) => shapeSvg(shape, table[shape.role] ?? table[shape.role.split(' ')[0] ?? ''] ?? {}));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" font-family="sans-serif"><title>${escaped(words)}</title>${body.join('')}</svg>`;
}

function shapeSvg(shape: Shape, look: Look): string {
  const style = Object.entries(look)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  if (shape.kind === 'path') return `<path d="${shape.d}"${style}/>`;
  const [x, y] = [coordinate(shape.x), coordinate(shape.y)];
  const turn = shape.angle === undefined ? '' : ` transform="rotate(${shape.angle} ${x} ${y})"`;
  return `<text x="${x}" y="${y}" text-anchor="${shape.anchor}" dominant-baseline="central"${turn}${style}>${escaped(shape.words)}</text>`;
}

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

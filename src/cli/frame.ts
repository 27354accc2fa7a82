import type { LineMap } from '../analyzer/program/lineMap';
import type { Place } from '../analyzer/trace/facts';
import type { Colors } from './terminal';

/** A source line is shown up to this many columns, around the range. */
const WIDEST = 120;
const TAB = '  ';

/**
 * The first source line of a place with a squiggle under its exact range:
 *
 *     12 │   const y = tf.moments(x, 0);
 *        │             ~~~~~~~~~~~~~~~~
 */
export function frame(place: Place, lines: LineMap, colors: Colors, paint: (text: string) => string): string {
  const start = lines.position(place.start);
  const end = lines.position(place.end);
  const text = lines.lineText(start.line);
  const from = start.column - 1;
  const to = end.line === start.line ? Math.max(end.column - 1, from + 1) : text.length;
  const { head, middle, tail } = clip(text, from, to);
  const number = String(start.line);
  const gutter = (label: string) => `  ${colors.dim(`${label.padStart(number.length)} │`)} `;
  const more = end.line > start.line ? colors.dim(` … to line ${end.line}`) : '';
  const squiggle = paint('~'.repeat(Math.max(1, widthOf(middle))));
  return `${gutter(number)}${head}${middle}${tail}\n${gutter('')}${' '.repeat(widthOf(head))}${squiggle}${more}\n`;
}

/** Cuts a long line down to what surrounds the range, and spells tabs as spaces. */
function clip(text: string, from: number, to: number) {
  const spell = (part: string) => part.replaceAll('\t', TAB);
  if (text.length <= WIDEST) {
    return { head: spell(text.slice(0, from)), middle: spell(text.slice(from, to)), tail: spell(text.slice(to)) };
  }
  const left = to <= WIDEST ? 0 : Math.max(0, from - 40);
  const right = Math.min(text.length, left + WIDEST);
  return {
    head: (left > 0 ? '…' : '') + spell(text.slice(left, from)),
    middle: spell(text.slice(from, Math.min(to, right))),
    tail: spell(text.slice(Math.min(to, right), right)) + (right < text.length ? '…' : ''),
  };
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NARROWEST = /\p{Mn}|\p{Me}|\p{Cf}/u;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Columns that a terminal gives to a text: two for wide characters, none for marks that combine. */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += NARROWEST.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

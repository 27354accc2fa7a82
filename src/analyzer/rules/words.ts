import type { LayerFact, OpFact, Place } from '../trace/facts';

/** A number for a message: three significant digits, no exponent where it can be avoided. */
export function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(3)));
}

/** A number as its author would write it, without what binary fractions leave behind: `0.1` for `1 - 0.9`. */
export const plain = (value: number): string => String(Number(value.toPrecision(6)));

/** A share in per cent: `97 %`, `0.4 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? Math.round(value) : short(value)} %`;
}

/** `1 step`, `3 steps`. */
export function count(n: number, noun: string): string {
  return `${short(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly (string | number)[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** What people call the layer: its factory, or the class of their own. */
export function called(layer: LayerFact): string {
  return layer.type === 'custom' ? layer.className : layer.type;
}

/** `tf.moments`, or `.moments` where it is a tensor's method. */
export function apiOf(op: OpFact): string {
  return op.method ? `.${op.name}` : `tf.${op.name}`;
}

export function within(inner: Place, outer: Place): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

/** A place as a key of maps. */
export function placeKey({ file, start, end }: Place): string {
  return `${file}:${start}:${end}`;
}

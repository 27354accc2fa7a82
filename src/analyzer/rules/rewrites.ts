/** Fixes that move or wrap the expression that makes a layer, wherever such an expression stands. */
import type { LayerFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { type Edit, insert, replace } from './edits';
import { placeKey } from './words';

/** How tf's layers are named where this one is made: `tf.layers`, `layers`; undefined where its call does not say. */
export function namespaceOf(trace: Trace, layer: LayerFact): string | undefined {
  return /^([\w$.]+)\.\w+\s*\(/.exec(trace.text(layer.at))?.[1];
}

/** Whether the expression makes one layer only: no factory, no loop. */
export function madeOnce(trace: Trace, layer: LayerFact): boolean {
  const key = placeKey(layer.at);
  return trace.of('layerMade').filter((fact) => placeKey(fact.layer.at) === key).length === 1;
}

/**
 * Puts one layer before and one after: in a list of layers, in `model.add(…)`, in `….apply(x)`. Undefined where the
 * expression stands in none of them.
 */
export function wrapLayer(trace: Trace, layer: LayerFact, before: string, after: string): readonly Edit[] | undefined {
  const source = trace.source(layer.at.file);
  const { file, start, end } = layer.at;
  const own = trace.text(layer.at);
  const next = source.slice(end);
  const add = /([\w$.]+)\.add\(\s*$/.exec(source.slice(Math.max(0, start - 200), start));
  const close = /^\s*\)/.exec(next);
  if (add !== null && close !== null) {
    const indent = /(?:^|\n)([ \t]*)[^\n]*$/.exec(source.slice(0, start))?.[1] ?? '';
    const more = [own, after].map((text) => `;\n${indent}${add[1]}.add(${text})`).join('');
    return [replace(layer.at, before), insert(file, end + close[0].length, more)];
  }
  const apply = /^\s*\.apply\(/.exec(next);
  if (apply !== null) {
    const open = end + apply[0].length;
    const closing = closingOf(source, open);
    if (closing === undefined) return undefined;
    return [
      insert(file, start, `${after}.apply(`),
      insert(file, open, `${before}.apply(`),
      insert(file, closing, ')'),
      insert(file, closing + 1, ')'),
    ];
  }
  const listed = openingBefore(source, start) === '[' && /[[,]\s*$/.test(source.slice(0, start));
  if (!listed || !/^\s*[,\]]/.test(next)) return undefined;
  return [replace(layer.at, `${before}, ${own}, ${after}`)];
}

/** Two layers change places; undefined where one of them has a name (which would then say the other). */
export function swapLayers(trace: Trace, one: LayerFact, two: LayerFact): readonly Edit[] | undefined {
  if (one.at.file !== two.at.file || !madeOnce(trace, one) || !madeOnce(trace, two)) return undefined;
  if (overlap(one.at, two.at) || isNamed(trace, one.at) || isNamed(trace, two.at)) return undefined;
  // The shape of the model's input belongs to the place, not to the layer.
  if ([one, two].some(({ options }) => options.has('inputShape') || options.has('batchInputShape'))) return undefined;
  return [replace(one.at, trace.text(two.at)), replace(two.at, trace.text(one.at))];
}

const overlap = (a: Place, b: Place): boolean => a.start < b.end && b.start < a.end;

const isNamed = (trace: Trace, { file, start }: Place): boolean => /=\s*$/.test(trace.source(file).slice(0, start));

/** The offset of the bracket that closes what is open at the offset. */
export function closingOf(source: string, offset: number): number | undefined {
  let depth = 0;
  for (let i = offset; i < source.length; i += 1) {
    const c = source[i] ?? '';
    if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) {
      if (depth === 0) return i;
      depth -= 1;
    }
  }
  return undefined;
}

/** The bracket that is open before the offset. */
function openingBefore(source: string, offset: number): string | undefined {
  let depth = 0;
  for (let i = offset - 1; i >= 0; i -= 1) {
    const c = source[i] ?? '';
    if (')]}'.includes(c)) depth += 1;
    else if ('([{'.includes(c)) {
      if (depth === 0) return c;
      depth -= 1;
    }
  }
  return undefined;
}

/** Keys of options that a layer does not know: which is meant, and how to mend it. */
import type { LayerFact, OptionFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { deleteProperty, replace } from './edits';
import type { Fix } from './rule';
import { within } from './words';

/** What people write who come from elsewhere: the key that is meant, or why there is none. */
export interface Foreign {
  readonly key?: string;
  readonly note: string;
}

/** The nearest known key at an edit distance of at most two, of one for short ones: a slip of the keyboard, or snake_case. */
export function nearest(key: string, known: ReadonlySet<string>): string | undefined {
  const camel = key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  if (known.has(camel)) return camel;
  const slips = [...known]
    .map((candidate) => ({ candidate, edits: distance(camel.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= (candidate.length > 4 ? 2 : candidate.length === 4 ? 1 : 0));
  return slips.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Renames a key to the one that is meant, or deletes it. */
export function mendKey(
  trace: Trace,
  layer: LayerFact,
  key: string,
  { at }: OptionFact,
  meant: string | undefined,
): readonly Fix[] {
  if (at === undefined || !within(at, layer.at)) return [];
  if (meant === undefined) {
    return [{ title: `Delete ${key} (it has no effect)`, safe: true, edits: [deleteProperty(trace, at)] }];
  }
  if (layer.options.has(meant)) return [];
  const text = trace.text(at);
  const renamed = text === key ? `${meant}: ${key}` : text.replace(/^(['"]?)[\w$]+\1/, meant);
  return [{ title: `Rename to ${meant} (it takes effect)`, safe: false, edits: [replace(at, renamed)] }];
}

import { type Dim, isPoly, same, sub } from './dim';

/**
 * What sizes can be said to exceed: a symbol stands for an integer of at least 1, a null or unknown size for one of at
 * least 0. Undefined where no bound is known.
 */
export function atLeast(dim: Dim): number | undefined {
  if (typeof dim === 'number') return dim;
  if (!isPoly(dim)) return 0;
  let sum = 0;
  for (const term of dim.terms) {
    if (term.atoms.some((atom) => atom.kind !== 'symbol')) return undefined;
    if (term.n < 0 && term.atoms.length > 0) return undefined;
    sum += term.n / term.d;
  }
  return sum;
}

/** Whether `a < b` for every input. False means: not certain. */
export function certainlyLess(a: Dim, b: Dim): boolean {
  if (typeof a === 'number' && !isPoly(b)) return typeof b === 'number' ? a < b : false;
  if (a === null || a === '?' || b === null || b === '?') return false;
  return (atLeast(sub(b, a)) ?? 0) > 0;
}

/** Whether the sizes differ for every input. False means: not certain. */
export function certainlyDiffer(a: Dim, b: Dim): boolean {
  return same(a, b) === false || certainlyLess(a, b) || certainlyLess(b, a);
}

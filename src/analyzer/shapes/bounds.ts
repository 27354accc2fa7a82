import { atLeast, type Dim, same, sub } from './dim';

/** Whether `a < b` for every input. False means: not certain. */
export function certainlyLess(a: Dim, b: Dim): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (a === null || a === '?' || b === null || b === '?') return false;
  return atLeast(sub(b, a)) > 0;
}

/** Whether the sizes differ for every input. False means: not certain. */
export function certainlyDiffer(a: Dim, b: Dim): boolean {
  return same(a, b) === false;
}

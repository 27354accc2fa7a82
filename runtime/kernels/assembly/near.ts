/**
 * Whether a set's mean folds into its offset, in channels first: within a standard deviation of 0 x·scale and mean·scale are of
 * y's size. ε is no part of that deviation: constant sets give exactly β only where the mean is taken off first. 1e-9 is beyond
 * the rounding of rstd². AssemblyScript and TypeScript at once, so that sets that are normalised by given statistics (norms/fixed.ts)
 * agree to the last bit.
 */
export function isNear(mean: number, rstd: number, epsilon: number): boolean {
  return (mean * mean + epsilon) * (rstd * rstd) <= 1 - 1e-9;
}

/** What a bad input is bad at. */
export type NormErrorCode =
  | 'rank'
  | 'shape'
  | 'size'
  | 'groups'
  | 'epsilon'
  | 'option'
  | 'dtype'
  | 'parameter'
  | 'memory'
  | 'scope';

/** An input that a normalization cannot take: what was expected, what came, and where. */
export class NormError extends Error {
  override readonly name = 'NormError';
  constructor(
    readonly code: NormErrorCode,
    readonly where: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${where}: expected ${expected}, got ${actual}`);
  }
}

/** A shape as people write it: [8,28,28,256]. */
export const format = (shape: readonly number[]): string => `[${shape.join(',')}]`;

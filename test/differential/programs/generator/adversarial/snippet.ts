/**
 * A hostile piece of code, as text in which
 * - a name that ends in `$` is the program's only one of that name;
 * - `§` is a small whole number from 1 to 4, written in one way or another;
 * - `¤` is a condition that only the run knows;
 * - a line that begins with `@ ` is an expression, a small whole number, that decides a shape, a rank, an option or a layer.
 */
export interface Snippet {
  readonly family: string;
  readonly text: string;
  /** Means something else, or nothing, in strict code. */
  readonly sloppy: boolean;
  /** May stand only at the top level of a module. */
  readonly top: boolean;
}

const EMPTY = { sloppy: false, top: false } as const;

/** The snippets of a family. */
export const family = (
  name: string,
  texts: readonly string[],
  more: Partial<Pick<Snippet, 'sloppy' | 'top'>> = {},
): readonly Snippet[] => texts.map((text) => ({ family: name, text: text.trim(), ...EMPTY, ...more }));

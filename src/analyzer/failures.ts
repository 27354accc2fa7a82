import type { Place } from './trace/facts';

/** An error of the analyzer's own: what it came up in is not known, and all else is told. */
export interface Failure {
  readonly at: Place;
  /** Its name, its message, and where in the analyzer it was thrown. */
  readonly error: string;
}

/** Takes an error of the analyzer's own, and what was looked at when it was thrown. */
export type OnFailure = (error: unknown, at: Place) => void;

/** Those of one run, each once. */
export class Failures {
  readonly #all = new Map<string, Failure>();

  readonly add: OnFailure = (error, at) => {
    const words = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
    this.#all.set(`${at.file}\0${words}`, { at, error: words });
  };

  of(path: string): readonly Failure[] {
    return [...this.#all.values()].filter(({ at }) => at.file === path);
  }
}

/** The start of a file, for what concerns all of it. */
export function startOfFile(file: string): Place {
  return { file, start: 0, end: 0 };
}

/** Runs a part that others can do without. Without `onFailure` its errors are thrown. */
export function apart<T>(run: () => T, otherwise: T, onFailure: ((error: unknown) => void) | undefined): T {
  if (onFailure === undefined) return run();
  try {
    return run();
  } catch (error) {
    onFailure(error);
    return otherwise;
  }
}

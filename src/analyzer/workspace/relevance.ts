import { specifiersIn } from './specifiers';

/** What a file says if it, of itself, has to do with a library that the analyzer knows. */
const MENTIONS = /tensorflow|\btf(?:js)?\b|@shape|normlens/;

interface Texts {
  text(path: string): string | undefined;
  resolve(specifier: string, from: string): string | undefined;
}

/**
 * Which files are worth evaluating: those that mention a known library, or import one that does. The others can build
 * neither tensors nor layers, so their evaluation would show nothing; most files of most workspaces are such.
 */
export class Relevance {
  readonly #texts: Texts;
  readonly #known = new Map<string, boolean>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  forget(): void {
    this.#known.clear();
  }

  isRelevant(path: string): boolean {
    const before = this.#known.get(path);
    if (before !== undefined) return before;
    const seen = new Set([path]);
    const relevant = this.#reaches(seen);
    // Where nothing that a file leads to is relevant, neither is any file on the way.
    for (const file of relevant ? [path] : seen) this.#known.set(file, relevant);
    return relevant;
  }

  #reaches(seen: Set<string>): boolean {
    for (const file of seen) {
      const known = this.#known.get(file);
      if (known === true) return true;
      const text = known === false ? undefined : this.#texts.text(file);
      if (text === undefined) continue;
      if (MENTIONS.test(text)) return true;
      for (const specifier of specifiersIn(text)) {
        const found = this.#texts.resolve(specifier, file);
        if (found !== undefined) seen.add(found);
      }
    }
    return false;
  }
}

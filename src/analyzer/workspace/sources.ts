import type { Files } from '../analysis';
import { parse } from '../frontend';
import type { ProgramSource } from '../interpreter/modules';
import type { ProgramFile } from '../program/nodes';
import { resolveFile } from './resolve';

/** The programs of a workspace, each parsed once until its text changes. */
export class Sources implements ProgramSource {
  readonly #files: Files;
  readonly #programs = new Map<string, ProgramFile | undefined>();
  readonly #texts = new Map<string, string | undefined>();
  readonly #resolved = new Map<string, string | undefined>();

  constructor(files: Files) {
    this.#files = files;
  }

  forget(path: string): void {
    this.#programs.delete(path);
    this.#texts.delete(path);
    // A file that came or went may be what a specifier names.
    this.#resolved.clear();
  }

  text(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#files.read(path));
    return this.#texts.get(path);
  }

  program(path: string): ProgramFile | undefined {
    if (!this.#programs.has(path)) {
      const text = this.text(path);
      this.#programs.set(path, text === undefined ? undefined : parse(path, text));
    }
    return this.#programs.get(path);
  }

  resolve(specifier: string, from: string): string | undefined {
    const key = `${from}\0${specifier}`;
    if (!this.#resolved.has(key)) {
      this.#resolved.set(
        key,
        resolveFile(specifier, from, (path) => this.text(path) !== undefined),
      );
    }
    return this.#resolved.get(key);
  }

  /** Files that import `path`, directly or not, of those that were read so far. */
  importersOf(path: string): readonly string[] {
    const found = new Set<string>();
    const queue = [path];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const [from, program] of this.#programs) {
        if (program === undefined || found.has(from) || from === path) continue;
        if (program.imports.some((specifier) => this.resolve(specifier, from) === at)) {
          found.add(from);
          queue.push(from);
        }
      }
    }
    return [...found];
  }
}

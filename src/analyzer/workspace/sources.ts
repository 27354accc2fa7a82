import type { Files } from '../analysis';
import { parse } from '../frontend';
import type { ProgramSource } from '../interpreter/modules';
import type { ProgramFile } from '../program/nodes';
import { aliasTargets } from './aliases';
import { Configs } from './configs';
import { packageTargets } from './packages';
import { directoryOf } from './paths';
import { resolveAt, resolveFile } from './resolve';

/** Declarations have no values; what was installed is not the workspace's. */
const ELSEWHERE = /\.d\.[cm]?ts$|\/node_modules\//;

/** The programs of a workspace, each parsed once until its text changes. */
export class Sources implements ProgramSource {
  readonly #files: Files;
  readonly #programs = new Map<string, ProgramFile | undefined>();
  readonly #texts = new Map<string, string | undefined>();
  readonly #resolved = new Map<string, string | undefined>();
  readonly #configs = new Configs((path) => this.text(path));

  constructor(files: Files) {
    this.#files = files;
  }

  forget(path: string): void {
    this.#programs.delete(path);
    this.#texts.delete(path);
    // A file that came or went may be what a specifier names.
    this.#resolved.clear();
    if (/\.(?:json|yaml)$/.test(path)) this.#configs.forget();
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
    const relative = /^[./]/.test(specifier);
    const key = `${relative ? from : directoryOf(from)}\0${specifier}`;
    if (!this.#resolved.has(key)) this.#resolved.set(key, this.#find(specifier, from));
    return this.#resolved.get(key);
  }

  /** A file beside the importing one, what an alias names, or a package of the workspace. */
  #find(specifier: string, from: string): string | undefined {
    const exists = (path: string): boolean => this.text(path) !== undefined;
    const direct = resolveFile(specifier, from, exists);
    if (direct !== undefined || /^(?:\.{0,2}\/|node:)/.test(specifier)) return direct;
    const folder = directoryOf(from);
    for (const targets of [aliasTargets, packageTargets]) {
      for (const target of targets(specifier, folder, this.#configs)) {
        const found = resolveAt(target, exists);
        if (found !== undefined && !ELSEWHERE.test(found)) return found;
      }
    }
    return undefined;
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

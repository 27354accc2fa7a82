import type { Files } from '../analysis';
import { type Declarations, declare, parse, parseDeclarations } from '../frontend';
import type { ProgramSource } from '../interpreter/modules';
import type { ProgramFile } from '../program/nodes';
import { aliasTargets } from './aliases';
import { Configs } from './configs';
import { packageTargets } from './packages';
import { directoryOf } from './paths';
import { resolveAt, resolveFile } from './resolve';

/** Declarations have no values; what was installed is not the workspace's. */
const ELSEWHERE = /\.d\.[cm]?ts$|\/node_modules\//;

/** Compiled code, beside which its declarations may lie, and those. */
const COMPILED = /\.([cm]?)js$/;
const DECLARATIONS = /\.d\.([cm]?)ts$/;

/** Characters of source whose trees are kept, at some 20 bytes each: a tree that is dropped is parsed anew when it is asked for. */
const KEPT = 500_000;

/** The programs of a workspace, each parsed once until its text changes or many others were asked for since. */
export class Sources implements ProgramSource {
  readonly #files: Files;
  /** Those asked for last are at the end. */
  readonly #programs = new Map<string, ProgramFile>();
  /** Characters of the programs that are kept. */
  #size = 0;
  /** What was whole and forgotten last: its next text is likely the same but for a few characters. */
  #edited: ProgramFile | undefined;
  /** The specifiers in every file that was parsed. */
  readonly #imports = new Map<string, readonly string[]>();
  readonly #texts = new Map<string, string | undefined>();
  readonly #declarations = new Map<string, Declarations | undefined>();
  readonly #resolved = new Map<string, string | undefined>();
  readonly #configs = new Configs((path) => this.text(path));

  constructor(files: Files) {
    this.#files = files;
  }

  forget(path: string): void {
    const existed = this.#texts.get(path) !== undefined;
    const program = this.#programs.get(path);
    if (program?.problems.length === 0) this.#edited = program;
    this.#drop(path);
    this.#imports.delete(path);
    this.#texts.delete(path);
    if (this.#declarations.delete(path)) {
      this.#edited = undefined;
      this.#drop(path.replace(DECLARATIONS, '.$1js'));
    }
    const isConfig = /\.(?:json|yaml)$/.test(path);
    if (isConfig) this.#configs.forget();
    // A file that came or went may be what a specifier names.
    if (isConfig || existed !== (this.text(path) !== undefined)) this.#resolved.clear();
  }

  text(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#files.read(path));
    return this.#texts.get(path);
  }

  program(path: string): ProgramFile | undefined {
    const known = this.#programs.get(path);
    if (known !== undefined) {
      this.#programs.delete(path);
      this.#programs.set(path, known);
      return known;
    }
    const text = this.text(path);
    if (text === undefined) return undefined;
    const before = this.#edited?.path === path ? this.#edited : undefined;
    const program = parse(path, text, before);
    this.#declare(program);
    // Code that is being typed is broken for a while: what stood before it is kept until it is whole again.
    if (before !== undefined && program.problems.length === 0) this.#edited = undefined;
    this.#programs.set(path, program);
    this.#imports.set(path, program.imports);
    this.#size += text.length;
    for (const [oldest] of this.#programs) {
      if (this.#size <= KEPT || oldest === path) break;
      this.#drop(oldest);
    }
    return program;
  }

  /** Gives compiled code the types of the declarations beside it, if there are any. */
  #declare(program: ProgramFile): void {
    if (!COMPILED.test(program.path)) return;
    const path = program.path.replace(COMPILED, '.d.$1ts');
    if (!this.#declarations.has(path)) {
      const text = this.#files.read(path);
      this.#declarations.set(path, text === undefined ? undefined : parseDeclarations(path, text));
    }
    const declarations = this.#declarations.get(path);
    if (declarations !== undefined) declare(program, declarations);
  }

  /** Their trees are not asked for again soon: a tree that nobody holds costs the collector nothing. */
  release(paths: Iterable<string>): void {
    for (const path of paths) this.#drop(path);
  }

  #drop(path: string): void {
    this.#size -= this.#programs.get(path)?.text.length ?? 0;
    this.#programs.delete(path);
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

  /** Files that import `path`, directly or not, of those that were parsed so far; in the order of their names. */
  importersOf(path: string): readonly string[] {
    const found = new Set<string>();
    const queue = [path];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const [from, imports] of this.#imports) {
        if (found.has(from) || from === path) continue;
        if (imports.some((specifier) => this.resolve(specifier, from) === at)) {
          found.add(from);
          queue.push(from);
        }
      }
    }
    return [...found].sort();
  }
}

import { parseJsonc } from '../frontend/jsonc';
import { directoryOf } from './paths';

export type ReadText = (path: string) => string | undefined;
export type Json = { readonly [key: string]: unknown };

/** A configuration file, and the folder that its paths are relative to. */
export interface Config {
  readonly folder: string;
  readonly json: Json;
}

/** JSON files of the workspace (comments and trailing commas are read over), each read once, and the nearest of a name. */
export class Configs {
  readonly #read: ReadText;
  readonly #files = new Map<string, Json | undefined>();
  readonly #nearest = new Map<string, Config | undefined>();

  constructor(read: ReadText) {
    this.#read = read;
  }

  /** A file came, went or changed. */
  forget(): void {
    this.#files.clear();
    this.#nearest.clear();
  }

  text(path: string): string | undefined {
    return this.#read(path);
  }

  /** A JSON file with an object in it. */
  file(path: string): Json | undefined {
    if (!this.#files.has(path)) {
      const text = this.#read(path);
      this.#files.set(path, text === undefined ? undefined : record(parseJsonc(text)));
    }
    return this.#files.get(path);
  }

  /** The first of these names in a folder or in the nearest one above it. */
  nearest(folder: string, names: readonly string[]): Config | undefined {
    const key = `${folder}\0${names[0]}`;
    if (this.#nearest.has(key)) return this.#nearest.get(key);
    const own = names.map((name) => this.file(`${folder}/${name}`)).find((json) => json !== undefined);
    const found =
      own !== undefined ? { folder, json: own } : folder === '' ? undefined : this.nearest(directoryOf(folder), names);
    this.#nearest.set(key, found);
    return found;
  }

  /** Every file of this name in a folder and in those above it, the nearest first. */
  above(folder: string, name: string): readonly Config[] {
    const found: Config[] = [];
    let at: string | undefined = folder;
    while (at !== undefined) {
      const config: Config | undefined = this.nearest(at, [name]);
      if (config === undefined) break;
      found.push(config);
      at = config.folder === '' ? undefined : directoryOf(config.folder);
    }
    return found;
  }
}

export function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What a pattern with at most one star leaves for the star; undefined where it does not match. */
export function matchStar(pattern: string, text: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text ? '' : undefined;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
}

/** The entries of a map whose keys may have a star, those that fit best first: as TypeScript and Node choose. */
export function matching(map: Json, text: string): readonly { readonly target: unknown; readonly star: string }[] {
  const length = (pattern: string) => (pattern.includes('*') ? pattern.indexOf('*') : Number.POSITIVE_INFINITY);
  return Object.entries(map)
    .sort(([a], [b]) => length(b) - length(a))
    .flatMap(([pattern, target]) => {
      const star = matchStar(pattern, text);
      return star === undefined ? [] : [{ target, star }];
    });
}

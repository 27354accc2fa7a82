import type { Files } from '../analyzer/analysis';
import { directoryOf } from '../analyzer/workspace/paths';
import { CONFIG_FILE, type ConfigFile, type RuleName } from './config';
import { parseConfig } from './parse';

/** The configuration files of a workspace, each read once until `forget`. */
export class Configs {
  readonly #files: Files;
  readonly #rules: readonly RuleName[];
  readonly #rootOf: (path: string) => string;
  readonly #nearest = new Map<string, ConfigFile | undefined>();
  readonly #read = new Map<string, ConfigFile | undefined>();

  /** @param rootOf the last folder above a path where a configuration is looked for */
  constructor(files: Files, rules: readonly RuleName[], rootOf: (path: string) => string) {
    this.#files = files;
    this.#rules = rules;
    this.#rootOf = rootOf;
  }

  /** The nearest one above a file, up to the root of its workspace. */
  of(path: string): ConfigFile | undefined {
    const root = this.#rootOf(path);
    const visit = (folder: string): ConfigFile | undefined => {
      const key = `${root}\0${folder}`;
      if (this.#nearest.has(key)) return this.#nearest.get(key);
      const here = this.read(`${folder}/${CONFIG_FILE}`);
      const above = folder === root || folder === '' ? undefined : directoryOf(folder);
      const nearest = here ?? (above === undefined ? undefined : visit(above));
      this.#nearest.set(key, nearest);
      return nearest;
    };
    return visit(directoryOf(path));
  }

  /** The configuration file at a path; undefined where there is none. */
  read(path: string): ConfigFile | undefined {
    if (!this.#read.has(path)) {
      const text = this.#files.read(path);
      this.#read.set(path, text === undefined ? undefined : parseConfig(path, text, this.#rules));
    }
    return this.#read.get(path);
  }

  /** Those that were found so far. */
  get found(): readonly ConfigFile[] {
    return [...this.#read.values()].filter((file) => file !== undefined);
  }

  /** Some file may be another now. */
  forget(): void {
    this.#nearest.clear();
    this.#read.clear();
  }
}

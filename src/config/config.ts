import type { Assumptions } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';
import type { RuleSetting } from '../shared/protocol';

/** The file that sets what holds for its folder and all below it. */
export const CONFIG_FILE = 'normlens.config.json';

export interface Config {
  /** By rule id. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Patterns of the files that are checked, relative to the file's folder; undefined: all of them. */
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  /** Files of parameters are absolute. */
  readonly assume: Assumptions;
}

export const DEFAULT_CONFIG: Config = { rules: {}, include: undefined, exclude: [], assume: {} };

/** What a configuration file says that is not understood. What it sets there has its default. */
export interface ConfigProblem {
  readonly at: Place;
  readonly message: string;
}

export interface ConfigFile {
  readonly path: string;
  /** The folder in which it holds. */
  readonly folder: string;
  readonly config: Config;
  /** In the order of the text. */
  readonly problems: readonly ConfigProblem[];
}

/** How a configuration names a rule: by either. */
export interface RuleName {
  readonly id: string;
  readonly name: string;
}

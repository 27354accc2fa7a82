import { type Connection, DiagnosticSeverity } from 'vscode-languageserver';
import type { Assumptions } from '../analyzer/analysis';
import { LineMap } from '../analyzer/program/lineMap';
import { directoryOf } from '../analyzer/workspace/paths';
import { CONFIG_FILE, type ConfigFile, type RuleName } from '../config/config';
import { Configs } from '../config/configs';
import { includes } from '../config/patterns';
import type { RuleSetting, Settings } from '../shared/protocol';
import type { WorkspaceFiles } from './files';
import type { Paths } from './paths';
import type { SettingsStore } from './settings';

/** Configurations further up than this are read one round later, where the editor must read for us. */
const ROUNDS = 4;

/** What holds for one resource: the editor's settings over those of its configuration file. */
export interface ResourceSettings extends Settings {
  readonly assume: Assumptions;
}

export function isConfig(path: string): boolean {
  return path.endsWith(`/${CONFIG_FILE}`);
}

/** The settings of each resource; what is wrong with a configuration file is published as its diagnostics. */
export class Configuration {
  readonly #connection: Connection;
  readonly #files: WorkspaceFiles;
  readonly #paths: Paths;
  readonly #rules: readonly RuleName[];
  readonly #configs: Configs;
  readonly #store: SettingsStore;
  #folders: Promise<readonly string[]> | undefined;
  #roots: readonly string[] = [];
  /** Configuration files with problems that the editor shows. */
  readonly #told = new Set<string>();

  constructor(
    connection: Connection,
    store: SettingsStore,
    files: WorkspaceFiles,
    paths: Paths,
    rules: readonly RuleName[],
  ) {
    this.#connection = connection;
    this.#store = store;
    this.#files = files;
    this.#paths = paths;
    this.#rules = rules;
    this.#configs = new Configs(files, rules, (path) => this.#rootOf(path) ?? directoryOf(path));
  }

  async of(uri: string): Promise<ResourceSettings> {
    const path = this.#paths.toPath(uri);
    const [settings, config] = await Promise.all([this.#store.of(uri), this.#configOf(path)]);
    if (config === undefined) return { ...settings, assume: {} };
    return {
      ...settings,
      enable: settings.enable && includes(config, path),
      rules: { ...config.config.rules, ...byId(settings.rules, this.#rules) },
      assume: config.config.assume,
    };
  }

  /** The settings of a resource are asked again. */
  forget(uri: string): void {
    this.#store.forget(uri);
  }

  /** All settings are asked again. */
  forgetAll(): void {
    this.#store.forgetAll();
  }

  /** A configuration file has another text, came or went, or the workspace has other folders. */
  changed(): void {
    this.#configs.forget();
    this.#folders = undefined;
    // The files whose mistakes are shown may have none any more.
    for (const path of this.#told) this.#tell(path, this.#configs.read(path));
  }

  /** Publishes what is wrong with a configuration file that is open. */
  check(path: string): void {
    this.#tell(path, this.#configs.read(path));
  }

  async #configOf(path: string): Promise<ConfigFile | undefined> {
    this.#folders ??= this.#askFolders();
    this.#roots = await this.#folders;
    if (this.#rootOf(path) === undefined) return undefined;
    for (let round = 0; round < ROUNDS; round += 1) {
      const config = this.#configs.of(path);
      const found = await this.#files.fetchMissing();
      if (found.length > 0) {
        this.#configs.forget();
        continue;
      }
      if (config !== undefined && config.problems.length > 0) this.#tell(config.path, config);
      return config;
    }
    return this.#configs.of(path);
  }

  async #askFolders(): Promise<readonly string[]> {
    const folders = await this.#connection.workspace.getWorkspaceFolders().catch(() => null);
    return (folders ?? []).map(({ uri }) => this.#paths.toPath(uri).replace(/\/$/, ''));
  }

  /** The workspace's folder that a file lies in, the outermost of several. */
  #rootOf(path: string): string | undefined {
    return this.#roots
      .filter((root) => path.startsWith(`${root}/`))
      .reduce<string | undefined>((a, b) => (a === undefined || b.length < a.length ? b : a), undefined);
  }

  #tell(path: string, file: ConfigFile | undefined): void {
    const problems = file?.problems ?? [];
    if (problems.length === 0 && !this.#told.delete(path)) return;
    if (problems.length > 0) this.#told.add(path);
    const lines = new LineMap(this.#files.read(path) ?? '');
    const position = (offset: number) => {
      const { line, column } = lines.position(offset);
      return { line: line - 1, character: column - 1 };
    };
    void this.#connection.sendDiagnostics({
      uri: this.#paths.toUri(path),
      diagnostics: problems.map(({ at, message }) => ({
        range: { start: position(at.start), end: position(at.end) },
        severity: DiagnosticSeverity.Warning,
        source: 'normlens',
        message,
      })),
    });
  }
}

/** Settings may name a rule by either; a configuration’s are by id. */
function byId(
  severities: Readonly<Record<string, RuleSetting>>,
  rules: readonly RuleName[],
): Readonly<Record<string, RuleSetting>> {
  const known = new Map(rules.map(({ id, name }) => [name, id]));
  const named = Object.entries(severities).filter(([name]) => known.has(name));
  const ids = Object.entries(severities).filter(([name]) => !known.has(name));
  // Where a rule is set by both, the id wins.
  return Object.fromEntries([...named.map(([name, severity]) => [known.get(name), severity]), ...ids]);
}

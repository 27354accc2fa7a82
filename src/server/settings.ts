import type { Connection } from 'vscode-languageserver';
import type { RuleSetting, Settings } from '../shared/protocol';

export const DEFAULTS: Settings = {
  enable: true,
  rules: {},
  inlayHints: { enable: true, unknown: false },
  codeLens: { enable: true },
};

const SEVERITIES: readonly string[] = ['off', 'hint', 'information', 'warning', 'error'] satisfies RuleSetting[];

/** The settings of each resource, asked of the editor once and again after every change. */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #byUri = new Map<string, Promise<Settings>>();
  /** False for an editor that cannot be asked: the defaults hold. */
  supported = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  of(uri: string): Promise<Settings> {
    if (!this.supported) return Promise.resolve(DEFAULTS);
    const known = this.#byUri.get(uri);
    if (known !== undefined) return known;
    const asked = this.#connection.workspace
      .getConfiguration({ scopeUri: uri, section: 'normlens' })
      .then(toSettings, () => DEFAULTS);
    this.#byUri.set(uri, asked);
    return asked;
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }

  forgetAll(): void {
    this.#byUri.clear();
  }
}

/** Whatever a settings file may hold, in our types: what is not understood has its default. */
export function toSettings(value: unknown): Settings {
  const { enable, rules, inlayHints, codeLens } = record(value);
  const hints = record(inlayHints);
  return {
    enable: boolean(enable, DEFAULTS.enable),
    rules: Object.fromEntries(Object.entries(record(rules)).filter(isRuleSetting)),
    inlayHints: {
      enable: boolean(hints.enable, DEFAULTS.inlayHints.enable),
      unknown: boolean(hints.unknown, DEFAULTS.inlayHints.unknown),
    },
    codeLens: { enable: boolean(record(codeLens).enable, DEFAULTS.codeLens.enable) },
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function boolean(value: unknown, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

function isRuleSetting(entry: [string, unknown]): entry is [string, RuleSetting] {
  return typeof entry[1] === 'string' && SEVERITIES.includes(entry[1]);
}

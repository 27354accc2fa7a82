import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import manifest from '../../../package.json';
import { DEFAULTS, toSettings } from '../../../src/server/settings';
import { LANGUAGES } from '../../../src/shared/languages';

// Only the editor has this module; the commands are listed here, not run.
vi.mock('vscode', () => ({}));

const properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>> =
  manifest.contributes.configuration.properties;

describe('the manifest', () => {
  it('declares exactly the commands that there are', async () => {
    const { commands } = await import('../../../src/extension/commands');
    expect(manifest.contributes.commands.map(({ command }) => command)).toEqual(Object.keys(commands));
  });

  it('activates on the languages that the server reads, on links to the playground, and on nothing else', () => {
    const languages = Object.keys(LANGUAGES).map((language) => `onLanguage:${language}`);
    expect(manifest.activationEvents).toEqual([...languages, 'onUri', 'onWebviewPanel:normlens.playground']);
  });

  it('has the defaults that the server falls back to', () => {
    const value = (name: string) => properties[`normlens.${name}`]?.default;
    const declared = {
      enable: value('enable'),
      rules: value('rules'),
      inlayHints: { enable: value('inlayHints.enable'), unknown: value('inlayHints.unknown') },
      codeLens: { enable: value('codeLens.enable') },
    };
    expect(declared).toEqual(DEFAULTS);
    expect(toSettings(declared)).toEqual(DEFAULTS);
  });

  it('lets every setting of the analysis differ by resource', () => {
    const scopes = Object.entries(properties).filter(([name]) => !name.includes('trace'));
    expect(scopes.every(([, { scope }]) => scope === 'resource')).toBe(true);
  });

  it('accepts rule ids and names as keys of normlens.rules, and nothing else', () => {
    const [pattern = ''] = Object.keys(
      manifest.contributes.configuration.properties['normlens.rules'].patternProperties,
    );
    const accepts = (key: string) => new RegExp(pattern).test(key);
    expect(['NL101', 'NL001', 'bn-axis-not-last', 'moments-wrong-axes'].map(accepts)).toEqual([true, true, true, true]);
    expect(['nl101', 'NL1', 'BnAxis', 'x', ''].map(accepts)).toEqual([false, false, false, false, false]);
  });

  it('names the same Node as the build and the workflow', () => {
    expect(manifest.engines.node).toBe('>=20');
    expect(readFileSync('.github/workflows/ci.yml', 'utf8')).toContain('node-version: 20');
  });
});

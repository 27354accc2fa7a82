import { equal } from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, configure, expectRules, findings, open, until } from '../normlens';

const ENCODER = 'src/encoder.ts';

describe('settings', () => {
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const takeBack of undo.splice(0)) await takeBack();
    await closeAll();
  });
  const set = async (name: string, value: unknown) => undo.push(await configure(name, value));

  it('switch a rule off by its id while its finding is shown, and on again', async () => {
    const { document } = await open(ENCODER);
    await expectRules(document.uri, ['NL101']);
    // What the rule would have said better comes from no other rule instead.
    await set('rules', { NL101: 'off' });
    await expectRules(document.uri, []);
    await undo.pop()?.();
    await expectRules(document.uri, ['NL101']);
  });

  it('change a rule’s severity by its name', async () => {
    await set('rules', { 'bn-axis-not-last': 'warning' });
    const { document } = await open(ENCODER);
    const severity = () => findings(document.uri)[0]?.severity;
    await until(
      () => severity() === vscode.DiagnosticSeverity.Warning,
      () => `severity ${severity()}`,
    );
  });

  it('switch everything off', async () => {
    const { document } = await open(ENCODER);
    await expectRules(document.uri, ['NL101']);
    await set('enable', false);
    await expectRules(document.uri, []);
  });

  it('switch the shape hints', async () => {
    const { document } = await open(ENCODER);
    await expectRules(document.uri, ['NL101']);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = () =>
      vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
    const labels = (await hints()).map(({ label }) => label);
    equal(labels.includes('[null,26,26,8]'), true, labels.join(' '));
    await set('inlayHints.enable', false);
    await until(
      async () => (await hints()).length === 0,
      () => 'hints are still shown',
    );
  });
});

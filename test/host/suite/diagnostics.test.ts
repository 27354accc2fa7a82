import { equal, ok } from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, expectRules, fileUri, open, replace } from '../normlens';

const ENCODER = 'src/encoder.ts';

describe('diagnostics', () => {
  afterEach(closeAll);

  it('appear when a file with a planted misuse is opened, at the planted place', async () => {
    const { document } = await open(ENCODER);
    const [diagnostic] = await expectRules(document.uri, ['NL101']);
    ok(diagnostic);
    equal(document.lineAt(diagnostic.range.start).text.includes('batchNormalization({ axis: 1 })'), true);
    equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    ok(diagnostic.message.length <= 120, diagnostic.message);
  });

  it('link to the page of their rule', async () => {
    const { document } = await open(ENCODER);
    const [diagnostic] = await expectRules(document.uri, ['NL101']);
    const code = diagnostic?.code;
    ok(typeof code === 'object' && code.target.toString().endsWith('/docs/rules/bn-axis-not-last.md'), String(code));
  });

  it('vanish when the misuse is mended by hand, and come back with it', async () => {
    const editor = await open(ENCODER);
    await expectRules(editor.document.uri, ['NL101']);
    await replace(editor, 'axis: 1', 'axis: -1');
    await expectRules(editor.document.uri, []);
    await replace(editor, 'axis: -1', 'axis: 2');
    const [diagnostic] = await expectRules(editor.document.uri, ['NL101']);
    ok(diagnostic?.message.includes('2'), diagnostic?.message);
  });

  it('change as more is typed', async () => {
    const editor = await open(ENCODER);
    await expectRules(editor.document.uri, ['NL101']);
    await replace(editor, 'batchSize: 32', 'batchSize: 1');
    await expectRules(editor.document.uri, ['NL101', 'NL217']);
  });

  it('are none for right code', async () => {
    const { document } = await open('src/fine.ts');
    // There is nothing to wait for: the misuse beside it shows that the server has been here.
    await open(ENCODER);
    await expectRules(fileUri(ENCODER), ['NL101']);
    await expectRules(document.uri, []);
  });

  it('vanish when the file is closed', async () => {
    const { document } = await open(ENCODER);
    await expectRules(document.uri, ['NL101']);
    await closeAll();
    await expectRules(document.uri, []);
  });

  it('come for an untitled document, and for broken code', async () => {
    const content = [
      "const tf = require('@tensorflow/tfjs');",
      'const x = tf.zeros([8, 4]);',
      'const [mean, variance] = tf.moments(x, 0);',
      'function unfinished(a, {',
    ].join('\n');
    const document = await vscode.workspace.openTextDocument({ language: 'javascript', content });
    await vscode.window.showTextDocument(document);
    await expectRules(document.uri, ['NL114']);
  });
});

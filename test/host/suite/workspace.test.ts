import { deepEqual, equal, ok } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, expectRules, fileUri, installed, open } from '../normlens';

interface Result {
  readonly files: number;
  readonly findings: { readonly error: number };
  readonly cancelled: boolean;
}

describe('the command Analyze Workspace', () => {
  afterEach(closeAll);

  it('finds what is wrong in files that are not open', async () => {
    await installed().activate();
    equal(
      vscode.workspace.textDocuments.some(({ fileName }) => fileName.endsWith('closed.js')),
      false,
    );
    const result = await vscode.commands.executeCommand<Result>('normlens.analyzeWorkspace');
    deepEqual({ files: result.files, cancelled: result.cancelled }, { files: 3, cancelled: false });
    ok(result.findings.error >= 2, JSON.stringify(result));
    await expectRules(fileUri('src/closed.js'), ['NL114']);
    await expectRules(fileUri('src/encoder.ts'), ['NL101']);
    await expectRules(fileUri('src/fine.ts'), []);
  });

  it('keeps its findings in step with the disk', async () => {
    await vscode.commands.executeCommand('normlens.analyzeWorkspace');
    const closed = fileUri('src/closed.js');
    const [diagnostic] = await expectRules(closed, ['NL114']);
    ok(diagnostic);
    const before = (await vscode.workspace.fs.readFile(closed)).toString();
    writeFileSync(closed.fsPath, before.replace('[mean, variance]', '{ mean, variance }'));
    await expectRules(closed, []);
    writeFileSync(closed.fsPath, before);
    await expectRules(closed, ['NL114']);
  });
});

describe('the command Restart Language Server', () => {
  afterEach(closeAll);

  it('brings the findings of open documents back', async () => {
    const { document } = await open('src/encoder.ts');
    await expectRules(document.uri, ['NL101']);
    await vscode.commands.executeCommand('normlens.restartServer');
    await expectRules(document.uri, ['NL101']);
  });
});

import { equal, ok } from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, expectRules, open } from '../normlens';

describe('a quick fix', () => {
  afterEach(closeAll);

  it('mends the code, and its finding goes', async () => {
    const { document } = await open('src/encoder.ts');
    const [diagnostic] = await expectRules(document.uri, ['NL101']);
    ok(diagnostic);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ edit, isPreferred }) => edit !== undefined && isPreferred);
    ok(fix?.edit, actions.map(({ title }) => title).join(', '));
    equal(await vscode.workspace.applyEdit(fix.edit), true);
    await expectRules(document.uri, []);
    ok(!document.getText().includes('axis: 1 '), document.getText());
  });
});

import { deepEqual, equal, ok } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, expectRules, fileUri, findings, open, until } from '../normlens';

const NAME = 'normlens.config.json';

describe('normlens.config.json', () => {
  const write = (text: string) => writeFileSync(fileUri(NAME).fsPath, text);
  afterEach(async () => {
    await closeAll();
    rmSync(fileUri(NAME).fsPath, { force: true });
  });

  it('holds as soon as it is there, and no longer than that', async () => {
    const { document } = await open('src/encoder.ts');
    await expectRules(document.uri, ['NL101']);
    write('{ "exclude": ["src"] }');
    await expectRules(document.uri, []);
    write('{ "rules": { "bn-axis-not-last": "warning" } }');
    await until(
      () => findings(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Warning,
      () => JSON.stringify(findings(document.uri)),
    );
    rmSync(fileUri(NAME).fsPath);
    await until(
      () => findings(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Error,
      () => JSON.stringify(findings(document.uri)),
    );
  });

  it('shows its mistakes at their place, the server’s and those of the schema, and is completed', async () => {
    const { document: program } = await open('src/encoder.ts');
    await expectRules(program.uri, ['NL101']);
    write('{\n  // with a comment\n  "rules": { "NL999": "off", "" }\n}\n');
    const { document } = await open(NAME);
    equal(document.languageId, 'jsonc');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(2, 27, 2, 31), '');
    await vscode.workspace.applyEdit(edit);
    const all = () => vscode.languages.getDiagnostics(document.uri);
    await until(
      () => all().length === 2,
      () =>
        all()
          .map(({ source, message }) => `${source}: ${message}`)
          .join('\n'),
    );
    deepEqual(
      findings(document.uri).map(({ message, range }) => `${range.start.line} ${message}`),
      ['2 there is no rule “NL999”'],
    );
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(2, 14),
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    ok(labels.includes('NL101') && labels.includes('bn-axis-not-last'), labels.slice(0, 20).join(' '));
  });
});

describe('the code action that fixes all', () => {
  afterEach(closeAll);

  it('mends what is safe to mend', async () => {
    const { document } = await open('src/closed.js');
    await expectRules(document.uri, ['NL114']);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const kind = 'source.fixAll.normlens';
    const [action] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      whole,
      kind,
    );
    ok(action?.edit);
    equal(action.kind?.value, kind);
    await vscode.workspace.applyEdit(action.edit);
    await expectRules(document.uri, []);
  });

  it('stands beside one that silences the finding, which then is gone', async () => {
    const { document } = await open('src/closed.js');
    const [diagnostic] = await expectRules(document.uri, ['NL114']);
    ok(diagnostic);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const silence = actions.find(({ title }) => title === 'Suppress NL114 on this line');
    ok(silence?.edit, actions.map(({ title }) => title).join(', '));
    await vscode.workspace.applyEdit(silence.edit);
    await expectRules(document.uri, []);
    ok(document.getText().includes('// normlens-disable-next-line NL114 -- '));
  });
});

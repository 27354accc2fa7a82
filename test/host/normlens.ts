import { join } from 'node:path';
import * as vscode from 'vscode';

/** Normlens as the editor has it installed. */
export function installed(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('normlens.normlens');
  if (extension === undefined) throw new Error('Normlens is not installed');
  return extension;
}

/** A file of the test workspace. */
export function fileUri(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  return vscode.Uri.file(join(folder.uri.fsPath, name));
}

/**
 * Opens a file of the test workspace in an editor, as a person does. (A document that an extension opens by itself is
 * kept open by the editor for minutes.)
 */
export async function open(name: string): Promise<vscode.TextEditor> {
  const uri = fileUri(name);
  await vscode.commands.executeCommand('vscode.open', uri);
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri.toString()) throw new Error(`${name} did not open`);
  return editor;
}

/** The errors and warnings that Normlens shows for a document, now, in the order of the text. */
export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, severity }) => source === 'normlens' && severity <= vscode.DiagnosticSeverity.Warning)
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** The rule of a diagnostic. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until a document has findings of exactly these rules, wherever they stand; gives them in the order of the text. */
export async function expectRules(uri: vscode.Uri, rules: readonly string[]): Promise<vscode.Diagnostic[]> {
  const expected = [...rules].sort().join(', ');
  const shown = () => findings(uri).map(ruleOf).sort().join(', ');
  await until(
    () => shown() === expected,
    () => `expected [${expected}], came [${shown()}]`,
  );
  return findings(uri);
}

/** Waits until a condition holds; fails with `otherwise` after twenty seconds. */
export async function until(condition: () => boolean | Promise<boolean>, otherwise: () => string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Replaces the first `from` in an editor's text. */
export async function replace(editor: vscode.TextEditor, from: string, to: string): Promise<void> {
  const { document } = editor;
  const start = document.getText().indexOf(from);
  if (start < 0) throw new Error(`no ${from} in ${document.fileName}`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  await editor.edit((edit) => edit.replace(range, to));
}

/** Sets a setting of the workspace; the result takes it back. */
export async function configure(name: string, value: unknown): Promise<() => Promise<void>> {
  const settings = () => vscode.workspace.getConfiguration('normlens');
  await settings().update(name, value, vscode.ConfigurationTarget.Workspace);
  return async () => settings().update(name, undefined, vscode.ConfigurationTarget.Workspace);
}

/** Closes every editor without saving. */
export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

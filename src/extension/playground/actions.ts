import * as vscode from 'vscode';
import type { ToExtension } from '../../shared/playground';
import { withoutKnownImport } from './insertion';

type Actions = {
  readonly [T in ToExtension['type']]?: (message: Extract<ToExtension, { type: T }>) => Thenable<unknown>;
};

/** What the page asks of the editor itself. */
const table: Actions = {
  copy: async ({ text, what }) => {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(`Normlens: copied the ${what}`, 3000);
  },
  insert: ({ text }) => insert(text),
  save: ({ name, base64 }) => save(name, base64),
  reveal: ({ uri, line, column }) => reveal(vscode.Uri.parse(uri), new vscode.Position(line, column)),
};

/** Does what a message asks for; false where it is for somebody else. */
export function actions(message: ToExtension): boolean {
  const act = table[message.type] as ((given: ToExtension) => Thenable<unknown>) | undefined;
  if (act === undefined) return false;
  act(message).then(undefined, (error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`Normlens: ${words}`);
  });
  return true;
}

/** At the cursor of the editor that is seen; the panel itself has the focus. */
async function insert(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor === undefined) throw new Error('open a file to insert the code into');
  const { start } = editor.selection;
  const missing = withoutKnownImport(text, editor.document.getText());
  await editor.edit((edit) => edit.replace(editor.selection, missing));
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  editor.revealRange(
    new vscode.Range(start, editor.selection.end),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

async function save(name: string, base64: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const defaultUri = folder && vscode.Uri.joinPath(folder.uri, name);
  const target = await vscode.window.showSaveDialog(defaultUri === undefined ? {} : { defaultUri });
  if (target === undefined) return;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  await vscode.workspace.fs.writeFile(target, bytes);
}

/** Only what is open already, or belongs to the workspace: a page does not choose files for the editor. */
async function reveal(uri: vscode.Uri, position: vscode.Position): Promise<void> {
  const known = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  if (!known && vscode.workspace.getWorkspaceFolder(uri) === undefined) throw new Error(`${uri.path} is not open here`);
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  await vscode.window.showTextDocument(uri, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(position, position),
  });
}

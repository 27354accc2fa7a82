import { equal, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { installed } from '../normlens';

describe('the installed extension', () => {
  it('is the packed one, not a development folder', () => {
    ok(installed().extensionPath.includes('extensions'), installed().extensionPath);
  });

  it('activates on a TypeScript document', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'typescript', content: 'export {};\n' });
    await vscode.window.showTextDocument(document);
    await installed().activate();
    equal(installed().isActive, true);
  });

  it('offers every command of its manifest', async () => {
    const offered = await vscode.commands.getCommands(true);
    const declared = installed().packageJSON.contributes.commands as readonly { readonly command: string }[];
    for (const { command } of declared) ok(offered.includes(command), command);
  });

  it('says that it runs no code of an untrusted workspace', () => {
    equal(installed().packageJSON.capabilities.untrustedWorkspaces.supported, true);
  });
});

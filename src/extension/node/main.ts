import type { ExtensionContext } from 'vscode';
import { activateWith, stopServer } from '../activate';

/** The client is a bundle of its own that is loaded after activation: it is ten times as large as all the rest. */
const loadClient = (): typeof import('./client') => require('./client.js');

export function activate(context: ExtensionContext): void {
  activateWith(context, (output, onAnalyzed) =>
    loadClient().startProcess(context.asAbsolutePath('dist/server.js'), output, onAnalyzed),
  );
}

export function deactivate(): Promise<void> | undefined {
  return stopServer();
}

import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activateWith, stopServer } from '../activate';
import { clientOptions, startClient } from '../client';

export function activate(context: ExtensionContext): void {
  activateWith(context, async (output, onAnalyzed) => {
    const worker = new Worker(Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true));
    const client = new LanguageClient('normlens', 'Normlens', worker, clientOptions(output));
    const server = await startClient(client, onAnalyzed);
    return { ...server, stop: () => server.stop().finally(() => worker.terminate()) };
  });
}

export function deactivate(): Promise<void> | undefined {
  return stopServer();
}

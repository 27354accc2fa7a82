import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { WorkerStart } from '../../shared/protocol';
import { activateWith, stopServer } from '../activate';
import { clientOptions, startClient } from '../client';

export function activate(context: ExtensionContext): void {
  const urlOf = (file: string) => Uri.joinPath(context.extensionUri, 'dist', file).toString(true);
  activateWith(context, async (output, onAnalyzed) => {
    const worker = new Worker(urlOf('web/server.js'));
    worker.postMessage({ analyzer: urlOf('analyzer.js') } satisfies WorkerStart);
    const client = new LanguageClient('normlens', 'Normlens', worker, clientOptions(output));
    const server = await startClient(client, onAnalyzed);
    return { ...server, stop: () => server.stop().finally(() => worker.terminate()) };
  });
}

export function deactivate(): Promise<void> | undefined {
  return stopServer();
}

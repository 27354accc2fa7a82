import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import type { WorkerStart } from '../../shared/protocol';
import type { Host } from '../host';
import { startServer } from '../server';

/** What the analyzer's bundle leaves in the worker's global scope. */
declare const normlensAnalyzer: typeof import('../../analyzer');
declare function importScripts(...urls: string[]): void;

/** A worker has no disk: the editor reads every file and knows where they are. */
const host: Host = { read: () => 'ask', findFiles: () => undefined };

/** The first message says where the analyzer's bundle is; all later ones are the protocol's. */
self.addEventListener('message', start, { once: true });

function start({ data }: MessageEvent<WorkerStart>): void {
  importScripts(data.analyzer);
  // The worker's own scope is the port to the editor; the types here are those of a page.
  const port = self as unknown as MessagePort;
  const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
  const { createAnalyzer, rules } = normlensAnalyzer;
  startServer(connection, host, createAnalyzer, rules);
}

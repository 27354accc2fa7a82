import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { createAnalyzer } from '../../analyzer';
import type { Host } from '../host';
import { startServer } from '../server';

/** A worker has no disk: the editor reads every file and knows where they are. */
const host: Host = { read: () => 'ask', findFiles: () => undefined };

// The worker's own scope is the port to the editor; the types here are those of a page.
const worker = self as unknown as MessagePort;
startServer(createConnection(new BrowserMessageReader(worker), new BrowserMessageWriter(worker)), host, createAnalyzer);

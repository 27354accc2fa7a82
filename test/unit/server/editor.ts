import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { rules } from '../../../src/analyzer/rules';
import type { Host } from '../../../src/server/host';
import { startServer } from '../../../src/server/server';
import { FIND_FILES, READ_FILES, type ReadFilesParams } from '../../../src/shared/protocol';
import { WordAnalyzer } from './wordAnalyzer';

export interface EditorOptions {
  /** What stands under `normlens` in the settings, for an address. */
  readonly settings?: (uri: string) => unknown;
  /** Files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** True: the server has no disk and must ask the editor. */
  readonly remote?: boolean;
}

/** An editor without a window: speaks the protocol with a real server over streams. */
export interface Editor {
  readonly connection: ProtocolConnection;
  readonly published: PublishDiagnosticsParams[];
  /** How often the server asked for texts. */
  readonly reads: ReadFilesParams[];
  readonly analyzers: WordAnalyzer[];
  open(uri: string, text: string, languageId?: string): Promise<void>;
  change(uri: string, version: number, text: string): Promise<void>;
  close(uri: string): Promise<void>;
  /** The next diagnostics published for a document. */
  next(uri: string): Promise<Diagnostic[]>;
}

/** Starts a server and initializes it as VS Code does. */
export async function startEditor({ settings, files = {}, remote = false }: EditorOptions = {}): Promise<Editor> {
  const toServer = new PassThrough();
  const toEditor = new PassThrough();
  const analyzers: WordAnalyzer[] = [];
  const host: Host = remote
    ? { read: () => 'ask', findFiles: () => undefined }
    : { read: (path) => files[path], findFiles: () => Object.keys(files) };
  startServer(
    createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toEditor)),
    host,
    (reads, options) => {
      const analyzer = new WordAnalyzer(reads, options);
      analyzers.push(analyzer);
      return analyzer;
    },
    rules,
  );
  const connection = createProtocolConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer));
  onTestFinished(() => connection.dispose());

  const published: PublishDiagnosticsParams[] = [];
  const reads: ReadFilesParams[] = [];
  const waiting = new Map<string, (diagnostics: Diagnostic[]) => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
    waiting.get(params.uri)?.(params.diagnostics);
    waiting.delete(params.uri);
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: { scopeUri: string }[] }) =>
    items.map(({ scopeUri }) => settings?.(scopeUri) ?? null),
  );
  connection.onRequest('workspace/workspaceFolders', () => [{ uri: 'file:///w', name: 'w' }]);
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest(READ_FILES, (params: ReadFilesParams) => {
    reads.push(params);
    return params.uris.map((uri) => files[new URL(uri).pathname] ?? null);
  });
  connection.onRequest(FIND_FILES, () => Object.keys(files).map((path) => `file://${path}`));
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: { workspace: { configuration: settings !== undefined, workspaceFolders: true } },
  });
  await connection.sendNotification('initialized', {});

  return {
    connection,
    published,
    reads,
    analyzers,
    open: (uri, text, languageId = 'typescript') =>
      connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, text) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    close: (uri) => connection.sendNotification('textDocument/didClose', { textDocument: { uri } }),
    next: (uri) => new Promise((resolve) => waiting.set(uri, resolve)),
  };
}

import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { RuleName } from '../config/config';
import {
  ANALYZE_WORKSPACE,
  type AnalyzeWorkspaceParams,
  MODELS,
  type ModelsParams,
  READ_FILES,
  type ReadFilesResult,
} from '../shared/protocol';
import { Analyses, type CreateAnalyzer } from './analyses';
import { codeActions, FIX_ALL } from './codeActions';
import { codeLenses } from './codeLens';
import { Configuration, isConfig } from './configuration';
import { Diagnostics } from './diagnostics';
import { WorkspaceFiles } from './files';
import type { Host } from './host';
import { hover } from './hover';
import { inlayHints } from './inlayHints';
import { models } from './models';
import { Paths } from './paths';
import { SettingsStore } from './settings';
import type { Workspace } from './workspace';
import { analyzeWorkspace } from './workspaceAnalysis';

const CAPABILITIES: InitializeResult = {
  serverInfo: { name: 'normlens' },
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    hoverProvider: true,
    inlayHintProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
    codeLensProvider: {},
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
};

/** Serves one editor over `connection`, until it ends. */
export function startServer(
  connection: Connection,
  host: Host,
  createAnalyzer: CreateAnalyzer,
  rules: readonly RuleName[],
): void {
  const store = new SettingsStore(connection);
  const workspace = createWorkspace(connection, host, createAnalyzer, store, rules);
  const { documents, settings } = workspace;
  const diagnostics = new Diagnostics(workspace);
  listenToDocuments(workspace, diagnostics, () => configurationChanged());

  let asksForHints = false;
  let foldersChange = false;
  connection.onInitialize(({ capabilities }: InitializeParams) => {
    store.supported = capabilities.workspace?.configuration === true;
    foldersChange = capabilities.workspace?.workspaceFolders === true;
    asksForHints = capabilities.workspace?.inlayHint?.refreshSupport === true;
    return CAPABILITIES;
  });
  connection.onInitialized(() => {
    if (store.supported) void connection.client.register(DidChangeConfigurationNotification.type);
    if (foldersChange) connection.workspace.onDidChangeWorkspaceFolders(configurationChanged);
  });
  const refresh = () => {
    diagnostics.refresh();
    if (asksForHints) void connection.languages.inlayHint.refresh();
  };
  const configurationChanged = () => {
    settings.changed();
    refresh();
  };
  connection.onDidChangeConfiguration(() => {
    settings.forgetAll();
    refresh();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const closed = changes.filter(({ uri }) => documents.get(uri) === undefined);
    const paths = closed.map(({ uri }) => workspace.paths.toPath(uri));
    for (const path of paths) workspace.analyses.change(path);
    if (paths.some(isConfig)) settings.changed();
    if (closed.length > 0) refresh();
  });

  connection.onHover(({ textDocument, position }) => hover(workspace, textDocument.uri, position));
  connection.languages.inlayHint.on(({ textDocument, range }) => inlayHints(workspace, textDocument.uri, range));
  connection.onCodeLens(({ textDocument }) => codeLenses(workspace, textDocument.uri));
  connection.onCodeAction((params) => codeActions(workspace, params));
  connection.onRequest(MODELS, ({ uri }: ModelsParams) => models(workspace, uri));
  connection.onRequest(ANALYZE_WORKSPACE, (params: AnalyzeWorkspaceParams, token) =>
    analyzeWorkspace(workspace, diagnostics, params, token),
  );

  documents.listen(connection);
  connection.listen();
}

function createWorkspace(
  connection: Connection,
  host: Host,
  createAnalyzer: CreateAnalyzer,
  store: SettingsStore,
  rules: readonly RuleName[],
): Workspace {
  const paths = new Paths();
  const files = new WorkspaceFiles(host, (missing) =>
    connection.sendRequest<ReadFilesResult>(READ_FILES, { uris: missing.map((path) => paths.toUri(path)) }),
  );
  return {
    connection,
    host,
    documents: new TextDocuments(TextDocument),
    paths,
    files,
    settings: new Configuration(connection, store, files, paths, rules),
    analyses: new Analyses(files, createAnalyzer),
  };
}

function listenToDocuments(
  { documents, files, paths, settings, analyses }: Workspace,
  diagnostics: Diagnostics,
  configurationChanged: () => void,
): void {
  const pathOf = (document: TextDocument) => paths.toPath(document.uri, document.languageId);
  documents.onDidOpen(({ document }) => files.open(pathOf(document), document));
  // Comes after opening, too.
  documents.onDidChangeContent(({ document }) => {
    const path = pathOf(document);
    if (isConfig(path)) {
      configurationChanged();
      settings.check(path);
      return;
    }
    analyses.change(path);
    diagnostics.changed(document.uri);
  });
  documents.onDidClose(({ document }) => {
    files.close(pathOf(document));
    if (isConfig(pathOf(document))) {
      configurationChanged();
      return;
    }
    analyses.change(pathOf(document));
    settings.forget(document.uri);
    diagnostics.closed(document.uri);
  });
}

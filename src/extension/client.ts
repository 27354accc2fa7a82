import * as vscode from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, WorkDoneProgress } from 'vscode-languageclient';
import { CONFIG_FILE } from '../config/config';
import { LANGUAGES, MARKUP_EXTENSIONS, SCRIPT_EXTENSIONS } from '../shared/languages';
import type { CodeModels } from '../shared/playground';
import {
  ANALYZE_WORKSPACE,
  ANALYZED,
  type AnalyzedParams,
  type AnalyzeWorkspaceParams,
  type AnalyzeWorkspaceResult,
  FIND_FILES,
  type FindFilesResult,
  MODELS,
  type ModelsParams,
  READ_FILES,
  type ReadFilesParams,
  type ReadFilesResult,
} from '../shared/protocol';
import type { Server } from './server';

/** Configuration files, whose mistakes the server tells. */
const CONFIGS = `**/${CONFIG_FILE}`;
const SOURCES = `**/*{${[...SCRIPT_EXTENSIONS, ...MARKUP_EXTENSIONS].join(',')}}`;

/** Documents on disks, untitled ones, and those of virtual workspaces; not the sides of a comparison, nor the output. */
function documentSelector() {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const schemes = new Set(['file', 'untitled', ...folders.map((folder) => folder.uri.scheme)]);
  return [...schemes].flatMap((scheme) => [
    ...Object.keys(LANGUAGES).map((language) => ({ scheme, language })),
    { scheme, pattern: CONFIGS },
  ]);
}

/** What the client of a process and that of a worker have in common. */
export function clientOptions(output: vscode.LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: documentSelector(),
    outputChannel: output,
    diagnosticCollectionName: 'normlens',
    synchronize: { fileEvents: [SOURCES, CONFIGS].map((glob) => vscode.workspace.createFileSystemWatcher(glob)) },
  };
}

/** Starts a client, answers the server's questions, and gives what the rest of the extension needs of it. */
export async function startClient(
  client: BaseLanguageClient,
  onAnalyzed: (analyzed: AnalyzedParams) => void,
): Promise<Server> {
  client.onNotification(ANALYZED, onAnalyzed);
  client.onRequest(
    READ_FILES,
    ({ uris }: ReadFilesParams) => Promise.all(uris.map(readText)) satisfies Promise<ReadFilesResult>,
  );
  client.onRequest(FIND_FILES, findSources);
  await client.start();
  return {
    stop: () => client.dispose(),
    models: (uri) => client.sendRequest<CodeModels | null>(MODELS, { uri } satisfies ModelsParams),
    async analyzeWorkspace(report, token) {
      const params: AnalyzeWorkspaceParams = { workDoneToken: `normlens-${Date.now()}` };
      const listener = client.onProgress(WorkDoneProgress.type, params.workDoneToken, (value) => {
        if (value.kind === 'report') report(value.message ?? '', value.percentage ?? 0);
      });
      try {
        return await client.sendRequest<AnalyzeWorkspaceResult>(ANALYZE_WORKSPACE, params, token);
      } finally {
        listener.dispose();
      }
    },
  };
}

async function readText(uri: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri)));
  } catch {
    return null;
  }
}

async function findSources(): Promise<FindFilesResult> {
  const uris = await vscode.workspace.findFiles(SOURCES, '**/node_modules/**');
  return uris.map((uri) => uri.toString());
}

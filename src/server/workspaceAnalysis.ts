import { type CancellationToken, WorkDoneProgress } from 'vscode-languageserver';
import type { Severity } from '../analyzer/rules/rule';
import { isSource } from '../shared/languages';
import {
  type AnalyzeWorkspaceParams,
  type AnalyzeWorkspaceResult,
  FIND_FILES,
  type FindFilesResult,
} from '../shared/protocol';
import type { Diagnostics } from './diagnostics';
import type { Workspace } from './workspace';

/** After so many files memory is given back: some 100 ms in all for a workspace of 240. */
const COLLECT_EVERY = 64;
/** Progress is told this often, in milliseconds; between the files the server answers all else. */
const TELL_EVERY = 100;

/** Analyzes every source file of the workspace, one after the other, and publishes what it finds in each. */
export async function analyzeWorkspace(
  workspace: Workspace,
  diagnostics: Diagnostics,
  { workDoneToken }: AnalyzeWorkspaceParams,
  token: CancellationToken,
): Promise<AnalyzeWorkspaceResult> {
  const tell = (message: string, percentage: number) =>
    workspace.connection.sendProgress(WorkDoneProgress.type, workDoneToken, { kind: 'report', message, percentage });
  diagnostics.releaseAll();
  const uris = await findSources(workspace);
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  let files = 0;
  let told = 0;
  for (const [i, uri] of uris.entries()) {
    if (performance.now() - told >= TELL_EVERY) {
      told = performance.now();
      await tell(`${i} of ${uris.length} files`, Math.floor((100 * i) / uris.length));
    }
    // A turn of the event loop: a cancellation, or a document's edit, is heard here.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (token.isCancellationRequested) break;
    const settings = await workspace.settings.of(uri);
    if (!settings.enable) continue;
    const path = workspace.paths.toPath(uri);
    const timed =
      (await workspace.analyses.analyze(path, settings)) ?? (await workspace.analyses.analyze(path, settings));
    if (timed === undefined) continue;
    files += 1;
    if (files % COLLECT_EVERY === 0) workspace.host.collect?.();
    for (const { severity } of timed.analysis.findings) counts[severity] += 1;
    diagnostics.keep(uri, timed.analysis);
  }
  workspace.host.collect?.();
  return { files, findings: counts, cancelled: token.isCancellationRequested };
}

/** Addresses of all source files: what git does not ignore, where there is a disk; else what the editor finds. */
async function findSources({ connection, host, paths }: Workspace): Promise<readonly string[]> {
  const folders = (await connection.workspace.getWorkspaceFolders()) ?? [];
  const found = host.findFiles(folders.map((folder) => paths.toPath(folder.uri)));
  if (found !== undefined) return found.map((path) => paths.toUri(path));
  const uris = await connection.sendRequest<FindFilesResult>(FIND_FILES);
  return uris.filter((uri) => isSource(paths.toPath(uri)));
}

import type { CancellationToken, LogOutputChannel } from 'vscode';
import type { CodeModels } from '../shared/playground';
import type { AnalyzedParams, AnalyzeWorkspaceResult } from '../shared/protocol';

/** The language server, as the commands see it. */
export interface Server {
  /** `report` is told a message and a percentage as the work goes on. */
  analyzeWorkspace(
    report: (message: string, percentage: number) => void,
    token: CancellationToken,
  ): Promise<AnalyzeWorkspaceResult>;
  /** The models of an open document; null where there are none to tell. */
  models(uri: string): Promise<CodeModels | null>;
  stop(): Promise<void>;
}

/** Starts the server in a process or a worker. */
export type StartServer = (output: LogOutputChannel, onAnalyzed: (analyzed: AnalyzedParams) => void) => Promise<Server>;

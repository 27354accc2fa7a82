import type { LogOutputChannel } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { AnalyzedParams } from '../../shared/protocol';
import { clientOptions, startClient } from '../client';
import type { Server } from '../server';

/** Runs the server in a process of its own. */
export function startProcess(
  module: string,
  output: LogOutputChannel,
  onAnalyzed: (analyzed: AnalyzedParams) => void,
): Promise<Server> {
  const run = { module, transport: TransportKind.ipc, options: { execArgv: ['--expose-gc'] } };
  const debug = { ...run, options: { execArgv: ['--expose-gc', '--nolazy', '--inspect=6009'] } };
  return startClient(new LanguageClient('normlens', 'Normlens', { run, debug }, clientOptions(output)), onAnalyzed);
}

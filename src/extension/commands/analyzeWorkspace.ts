import * as vscode from 'vscode';
import { findingsInWords } from '../statusItem';
import type { CommandContext } from './command';

/** Analyzes every source file of the workspace with progress, and tells what was found. */
export async function analyzeWorkspace({ server, output }: CommandContext) {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Normlens', cancellable: true };
  const result = await vscode.window.withProgress(options, async (progress, token) => {
    let done = 0;
    const report = (message: string, percentage: number) => {
      progress.report({ message, increment: percentage - done });
      done = percentage;
    };
    return (await server()).analyzeWorkspace(report, token);
  });
  const words = `${findingsInWords(result.findings)} in ${result.files} files${result.cancelled ? ' (cancelled)' : ''}`;
  output.info(`Analyze Workspace: ${words}`);
  const total = Object.values(result.findings).reduce((sum, count) => sum + count, 0);
  // Not awaited: the command has done its work, the message may stand for long.
  void tell(words, total > 0);
  return result;
}

async function tell(words: string, problems: boolean): Promise<void> {
  const show = 'Show Problems';
  const chosen = await vscode.window.showInformationMessage(`Normlens: ${words}`, ...(problems ? [show] : []));
  if (chosen === show) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

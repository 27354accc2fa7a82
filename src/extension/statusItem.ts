import * as vscode from 'vscode';
import { LANGUAGES } from '../shared/languages';
import type { AnalyzedParams, Counts } from '../shared/protocol';

export interface Status extends vscode.Disposable {
  starting(): void;
  ready(): void;
  failed(): void;
  analyzed(analyzed: AnalyzedParams): void;
}

/** The entry in the language status of JavaScript and TypeScript: what was found in the document that is shown. */
export function createStatusItem(): Status {
  const selector = Object.keys(LANGUAGES).map((language) => ({ language }));
  const item = vscode.languages.createLanguageStatusItem('normlens', selector);
  item.name = 'Normlens';
  item.command = { command: 'normlens.showOutput', title: 'Output' };
  const latest = new Map<string, AnalyzedParams>();
  const show = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const analyzed = uri === undefined ? undefined : latest.get(uri);
    if (analyzed === undefined) return;
    item.text = `Normlens: ${findingsInWords(analyzed.findings)}`;
    item.detail = shapesInWords(analyzed);
    item.severity = severityOf(analyzed.findings);
  };
  const listeners = [
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => latest.delete(uri.toString())),
  ];
  return {
    starting() {
      item.text = 'Normlens';
      item.detail = 'starting';
      item.severity = vscode.LanguageStatusSeverity.Information;
      item.busy = true;
    },
    ready() {
      item.busy = false;
      item.detail = '';
      show();
    },
    failed() {
      item.busy = false;
      item.detail = 'the language server did not start';
      item.severity = vscode.LanguageStatusSeverity.Error;
    },
    analyzed(analyzed) {
      latest.set(analyzed.uri, analyzed);
      show();
    },
    dispose() {
      for (const listener of listeners) listener.dispose();
      item.dispose();
    },
  };
}

/** `2 errors, 1 warning`, or `no findings`. */
export function findingsInWords(counts: Counts): string {
  const nouns = { error: 'error', warning: 'warning', information: 'note', hint: 'hint' } as const;
  const parts = (Object.keys(nouns) as (keyof Counts)[])
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${nouns[severity]}${counts[severity] === 1 ? '' : 's'}`);
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

function shapesInWords({ calls, known, models, failed }: AnalyzedParams): string {
  if (failed) return 'Normlens failed on a part of this file: see its output';
  if (calls === 0) return 'no TensorFlow.js calls';
  return `${models} model${models === 1 ? '' : 's'}, shapes of ${known} of ${calls} calls known`;
}

function severityOf(counts: Counts): vscode.LanguageStatusSeverity {
  if (counts.error > 0) return vscode.LanguageStatusSeverity.Error;
  return counts.warning > 0 ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
}

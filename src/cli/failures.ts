import type { Failure, FileAnalysis } from '../analyzer/analysis';
import { startOf } from './convert';
import type { Terminal } from './terminal';
import type { Workspace } from './workspace';

export function failuresOf(analyses: readonly FileAnalysis[]): readonly Failure[] {
  return analyses.flatMap(({ failures = [] }) => failures);
}

/** Where the analyzer itself failed, in one line without the way there. */
export function whereFailed({ at, error }: Failure, workspace: Workspace): string {
  const { line, column } = startOf(at, workspace);
  return `${workspace.display(at.file)}:${line}:${column}: Normlens failed here: ${error.split('\n', 1)[0]}`;
}

/** Tells where the analyzer itself failed, in a form that can be reported; whether it did. */
export function tellFailures(analyses: readonly FileAnalysis[], workspace: Workspace, terminal: Terminal): boolean {
  const failures = failuresOf(analyses);
  for (const failure of failures) {
    const way = failure.error.split('\n').slice(1).join('\n');
    terminal.warn(`normlens: ${whereFailed(failure, workspace)}${way === '' ? '' : `\n${way}`}`);
  }
  if (failures.length > 0)
    terminal.warn('normlens: the rest was checked. Please report this: it is a defect of Normlens');
  return failures.length > 0;
}

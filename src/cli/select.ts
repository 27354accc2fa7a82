import { resolve } from 'node:path';
import type { AssumedParameter, FileAnalysis } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';
import { includes } from '../config/patterns';
import { discover } from '../disk/discover';
import { startOf } from './convert';
import type { Terminal } from './terminal';
import type { Workspace } from './workspace';

export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

export interface Selected {
  /** Absolute, with forward slashes. */
  readonly files: readonly string[];
  /** Files that were named one by one and that their configuration leaves out. */
  readonly skipped: readonly Skipped[];
}

/** The files that paths name and that their configurations have checked. Throws a PathError, as `discover` does. */
export function select(paths: readonly string[], { cwd, configs, display }: Workspace): Selected {
  const named = new Set(paths.map((path) => resolve(cwd, path).replaceAll('\\', '/')));
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const file of discover(paths, cwd)) {
    const config = configs.of(file);
    if (config === undefined || includes(config, file)) files.push(file);
    else if (named.has(file)) skipped.push({ file: display(file), reason: `left out by ${display(config.path)}` });
  }
  return { files, skipped };
}

/** Tells what is wrong with the configuration files that were read; whether anything is. */
export function tellConfigProblems(workspace: Workspace, terminal: Terminal): boolean {
  const problems = workspace.configs.found.flatMap((file) => file.problems);
  for (const { at, message } of problems) tellAt(at, message, workspace, terminal);
  return problems.length > 0;
}

function tellAt(at: Place, message: string, workspace: Workspace, terminal: Terminal): void {
  const { line, column } = startOf(at, workspace);
  terminal.warn(`normlens: ${workspace.display(at.file)}:${line}:${column}: ${message}`);
}

/** Tells which assumptions of the configurations had no effect on the files that were analyzed. */
export function tellIdleAssumptions(analyses: readonly FileAnalysis[], workspace: Workspace, terminal: Terminal): void {
  const tell = ({ at, file, function: name, parameter }: AssumedParameter, why: string) => {
    if (at === undefined) return;
    const what = `${workspace.display(file)}#${name}(${parameter})`;
    tellAt(at, `${what} is assumed without effect: ${why}`, workspace, terminal);
  };
  for (const { idle = [] } of analyses) {
    for (const one of idle) tell(one, 'there is no such parameter of a function that nobody in view calls');
  }
  for (const { config } of workspace.configs.found) {
    for (const one of config.assume.parameters ?? []) {
      if (workspace.files.source(one.file) === undefined) tell(one, 'there is no such file');
    }
  }
}

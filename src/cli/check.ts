import type { FileAnalysis } from '../analyzer/analysis';
import type { Finding, Severity } from '../analyzer/rules/rule';
import type { Suppressed } from '../analyzer/rules/suppressions';
import type { JsonSummary } from './contract';
import { tellFailures } from './failures';
import { diffOf, type Fixed, fixAll, writeChanges } from './fix';
import { type ReporterName, reporters } from './reporters';
import { type Skipped, select, tellConfigProblems, tellIdleAssumptions } from './select';
import type { ExitCode, Terminal } from './terminal';
import type { AnalyzeFiles } from './threads';
import { type CreateAnalyzer, openWorkspace, type Workspace } from './workspace';

export interface CheckOptions {
  readonly format: ReporterName;
  /** Undefined: any number. */
  readonly maxWarnings?: number | undefined;
  /** End with 0 whatever is found. */
  readonly exitZero?: boolean | undefined;
  /** Write what can be fixed safely, and report the rest. */
  readonly fix?: boolean | undefined;
  /** Print what `fix` would change instead of the report. */
  readonly fixDryRun?: boolean | undefined;
  /** End with 2 where a configuration file has a mistake. */
  readonly strictConfig?: boolean | undefined;
}

/** What a reporter prints. */
export interface CheckResult {
  readonly workspace: Workspace;
  readonly analyses: readonly FileAnalysis[];
  /** In the order of files, lines and columns. */
  readonly findings: readonly Finding[];
  /** Silenced by comments; in the same order. */
  readonly suppressed: readonly Suppressed[];
  readonly summary: JsonSummary;
}

/** `normlens check PATH…`. Throws a PathError where a path cannot be checked. */
export function check(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
  createAnalyzer: CreateAnalyzer,
  analyzeFiles?: AnalyzeFiles,
): ExitCode {
  const workspace = openWorkspace(terminal.cwd, createAnalyzer, 'findings');
  const { files, skipped } = select(paths, workspace);
  if (tellConfigProblems(workspace, terminal) && options.strictConfig) return 2;
  const again = () => analyze(files, workspace, skipped);
  let result = analyze(files, workspace, skipped, analyzeFiles);
  tellIdleAssumptions(result.analyses, workspace, terminal);
  const failed = tellFailures(result.analyses, workspace, terminal);
  if (files.length === 0) {
    terminal.warn(`normlens: no JavaScript or TypeScript files in ${paths.join(', ')} that git does not ignore`);
  }
  if (options.fix || options.fixDryRun) {
    const fixed = fixAll(result, again);
    const failures = options.fixDryRun ? [] : writeChanges(fixed, workspace);
    for (const failure of failures) terminal.warn(`normlens: ${failure}`);
    tellFixes(fixed, options, terminal, workspace);
    if (options.fixDryRun) terminal.write(diffOf(fixed, workspace));
    if (failures.length > 0) return 2;
    result = fixed.result;
  }
  if (!options.fixDryRun) terminal.write(reporters[options.format](result, terminal));
  const { errors, warnings } = result.summary;
  const tooMany = options.maxWarnings !== undefined && warnings > options.maxWarnings;
  if (tooMany) terminal.warn(`normlens: ${warnings} warnings are more than the ${options.maxWarnings} allowed`);
  if (failed) return 2;
  return !options.exitZero && (errors > 0 || tooMany) ? 1 : 0;
}

function tellFixes(
  { fixes, changes, broken, result }: Fixed,
  { fixDryRun }: CheckOptions,
  terminal: Terminal,
  { display }: Workspace,
): void {
  for (const path of broken) terminal.warn(`normlens: ${display(path)} was not fixed: its syntax would break`);
  const done = `${count(fixes, 'fix', 'fixes')} in ${count(changes.length, 'file', 'files')}`;
  const { errors, warnings } = result.summary;
  const left = `${count(errors, 'error', 'errors')} and ${count(warnings, 'warning', 'warnings')} remain`;
  terminal.warn(`normlens: ${fixDryRun ? `would apply ${done}; ${left}` : `applied ${done}`}`);
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}

/**
 * Analyzes what can be read of the files as one workspace.
 * @param left files that were left out before, to be named
 * @param analyzeFiles how, if not in one thread; only for files as they are on disk
 */
export function analyze(
  files: readonly string[],
  workspace: Workspace,
  left: readonly Skipped[] = [],
  analyzeFiles: AnalyzeFiles = (readable, { analyzer }) => analyzer.analyzeAll(readable),
): CheckResult {
  const readable: string[] = [];
  const skipped: Skipped[] = [...left];
  for (const file of files) {
    const source = workspace.files.source(file);
    if (source === undefined) skipped.push({ file: workspace.display(file), reason: 'no such file' });
    else if ('problem' in source) skipped.push({ file: workspace.display(file), reason: source.problem });
    else readable.push(file);
  }
  const analyses = analyzeFiles(readable, workspace);
  const findings = analyses.flatMap((analysis) => [...analysis.findings].sort((a, b) => a.at.start - b.at.start));
  const suppressed = analyses.flatMap((analysis) =>
    [...analysis.suppressed].sort((a, b) => a.finding.at.start - b.finding.at.start),
  );
  const countOf = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    workspace,
    analyses,
    findings,
    suppressed,
    summary: {
      files: readable.length,
      errors: countOf('error'),
      warnings: countOf('warning'),
      information: countOf('information'),
      hints: countOf('hint'),
      skipped,
    },
  };
}

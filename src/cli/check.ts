import type { FileAnalysis } from '../analyzer/analysis';
import type { Finding, Severity } from '../analyzer/rules/rule';
import { discover } from '../disk/discover';
import type { JsonSummary } from './contract';
import { type ReporterName, reporters } from './reporters';
import type { ExitCode, Terminal } from './terminal';
import { type CreateAnalyzer, openWorkspace, type Workspace } from './workspace';

export interface CheckOptions {
  readonly format: ReporterName;
  /** Undefined: any number. */
  readonly maxWarnings?: number | undefined;
  /** End with 0 whatever is found. */
  readonly exitZero?: boolean | undefined;
}

/** What a reporter prints. */
export interface CheckResult {
  readonly workspace: Workspace;
  readonly analyses: readonly FileAnalysis[];
  /** In the order of files, lines and columns. */
  readonly findings: readonly Finding[];
  readonly summary: JsonSummary;
}

/** `normlens check PATH…`. Throws a PathError where a path cannot be checked. */
export function check(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
  createAnalyzer: CreateAnalyzer,
): ExitCode {
  const files = discover(paths, terminal.cwd);
  const workspace = openWorkspace(terminal.cwd, createAnalyzer);
  const result = analyze(files, workspace);
  if (files.length === 0) {
    terminal.warn(`normlens: no JavaScript or TypeScript files in ${paths.join(', ')} that git does not ignore`);
  }
  terminal.write(reporters[options.format](result, terminal));
  const { errors, warnings } = result.summary;
  const tooMany = options.maxWarnings !== undefined && warnings > options.maxWarnings;
  if (tooMany) terminal.warn(`normlens: ${warnings} warnings are more than the ${options.maxWarnings} allowed`);
  return !options.exitZero && (errors > 0 || tooMany) ? 1 : 0;
}

/** Analyzes what can be read of the files as one workspace. */
export function analyze(files: readonly string[], workspace: Workspace): CheckResult {
  const readable: string[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (const file of files) {
    const source = workspace.files.source(file);
    if (source === undefined) skipped.push({ file: workspace.display(file), reason: 'no such file' });
    else if ('problem' in source) skipped.push({ file: workspace.display(file), reason: source.problem });
    else readable.push(file);
  }
  const analyses = workspace.analyzer.analyzeAll(readable);
  const findings = analyses.flatMap((analysis) => [...analysis.findings].sort((a, b) => a.at.start - b.at.start));
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    workspace,
    analyses,
    findings,
    summary: {
      files: readable.length,
      errors: count('error'),
      warnings: count('warning'),
      information: count('information'),
      hints: count('hint'),
      skipped,
    },
  };
}

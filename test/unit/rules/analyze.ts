import { createAnalyzer } from '../../../src/analyzer';
import type { AnalysisOptions, FileAnalysis } from '../../../src/analyzer/analysis';
import type { Finding } from '../../../src/analyzer/rules/rule';
import type { Program } from './idioms';

/** Where the finding is to be: the mark is taken out before the program is read, and its line is kept. */
const MARK = '<!>';

export interface Analyzed {
  readonly findings: readonly Finding[];
  readonly analysis: FileAnalysis;
  readonly source: string;
  /** The line of the mark, from 1; undefined where there is none. */
  readonly line: number | undefined;
}

export function analyze(program: Program, options: AnalysisOptions = {}): Analyzed {
  const at = program.source.indexOf(MARK);
  const source = program.source.replaceAll(MARK, '');
  const path = `/work/${program.file}`;
  const analyzer = createAnalyzer({ read: (wanted) => (wanted === path ? source : undefined) }, options);
  const analysis = analyzer.analyze(path);
  return { findings: analysis.findings, analysis, source, line: at < 0 ? undefined : lineOf(source, at) };
}

export function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

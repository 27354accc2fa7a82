import type { AnalysisOptions, Analyzer, Explanation, FileAnalysis, Files } from '../analyzer/analysis';
import type { Finding, Fix } from '../analyzer/rules/rule';
import type { ConfigFile } from './config';

/** What an analyzer is told by a configuration. */
export function analysisOptions(file: ConfigFile | undefined): AnalysisOptions {
  return file === undefined ? {} : { severities: file.config.rules, assumptions: file.config.assume };
}

/** Analyzes each file as its own configuration says: those that say the same make one workspace. */
export class ConfiguredAnalyzer implements Analyzer {
  readonly #files: Files;
  readonly #create: (files: Files, options: AnalysisOptions) => Analyzer;
  readonly #configOf: (path: string) => ConfigFile | undefined;
  readonly #analyzers = new Map<string, Analyzer>();

  constructor(
    files: Files,
    create: (files: Files, options: AnalysisOptions) => Analyzer,
    configOf: (path: string) => ConfigFile | undefined,
  ) {
    this.#files = files;
    this.#create = create;
    this.#configOf = configOf;
  }

  change(path: string): void {
    for (const analyzer of this.#analyzers.values()) analyzer.change(path);
  }

  analyze(path: string): FileAnalysis {
    return this.#analyzerOf(path).analyze(path);
  }

  analyzeAll(paths: readonly string[], loaded?: Set<string>): readonly FileAnalysis[] {
    const groups = new Map<Analyzer, string[]>();
    for (const path of paths) {
      const analyzer = this.#analyzerOf(path);
      const group = groups.get(analyzer);
      if (group === undefined) groups.set(analyzer, [path]);
      else group.push(path);
    }
    const analyses = new Map<string, FileAnalysis>();
    for (const [analyzer, group] of groups) {
      for (const analysis of analyzer.analyzeAll(group, loaded)) analyses.set(analysis.path, analysis);
    }
    return paths.flatMap((path) => analyses.get(path) ?? []);
  }

  explain(path: string, offset: number): Explanation | undefined {
    return this.#analyzerOf(path).explain(path, offset);
  }

  explainBetween(path: string, start: number, end: number): readonly Explanation[] {
    return this.#analyzerOf(path).explainBetween(path, start, end);
  }

  suppression(finding: Finding): Fix {
    return this.#analyzerOf(finding.at.file).suppression(finding);
  }

  #analyzerOf(path: string): Analyzer {
    const options = analysisOptions(this.#configOf(path));
    const key = JSON.stringify(options);
    let analyzer = this.#analyzers.get(key);
    if (analyzer === undefined) {
      analyzer = this.#create(this.#files, options);
      this.#analyzers.set(key, analyzer);
    }
    return analyzer;
  }
}

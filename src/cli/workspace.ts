import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, relative } from 'node:path';
import type { AnalysisOptions, Analyzer, Files } from '../analyzer/analysis';
import { rules } from '../analyzer/rules';
import { Configs } from '../config/configs';
import { ConfiguredAnalyzer } from '../config/configuredAnalyzer';
import { SourceFiles } from '../disk/sourceFiles';

export type Summaries = NonNullable<AnalysisOptions['summaries']>;

export type CreateAnalyzer = (files: Files, options: AnalysisOptions) => Analyzer;

/** What every command works on: the disk's files, the analyzer over them, and how to name them to the reader. */
export interface Workspace {
  readonly cwd: string;
  readonly files: SourceFiles;
  readonly configs: Configs;
  readonly summaries: Summaries;
  /** Analyzes each file as its configuration says. */
  readonly analyzer: Analyzer;
  /** Relative to the working directory where the file lies in it, with forward slashes. */
  display(path: string): string;
}

/** @param summaries of which calls and models a command tells */
export function openWorkspace(cwd: string, createAnalyzer: CreateAnalyzer, summaries: Summaries = 'all'): Workspace {
  const files = new SourceFiles();
  const configs = new Configs(files, rules, rootFinder(cwd.replaceAll('\\', '/')));
  const create: CreateAnalyzer = (all, options) => createAnalyzer(all, { ...options, summaries, tolerant: true });
  return {
    cwd,
    files,
    configs,
    summaries,
    analyzer: new ConfiguredAnalyzer(files, create, (path) => configs.of(path)),
    display: (path) => {
      const inner = relative(cwd, path).replaceAll('\\', '/');
      return inner === '' || inner.startsWith('../') || isAbsolute(inner) ? path : inner;
    },
  };
}

/** The last folder above a path where a configuration holds: its repository; without one the working directory, or the disk. */
function rootFinder(cwd: string): (path: string) => string {
  const known = new Map<string, string | undefined>();
  const repository = (folder: string): string | undefined => {
    if (!known.has(folder)) {
      const above = dirname(folder);
      const outer = () => (above === folder ? undefined : repository(above));
      known.set(folder, existsSync(join(folder, '.git')) ? folder : outer());
    }
    return known.get(folder);
  };
  return (path) => repository(dirname(path)) ?? (path.startsWith(`${cwd}/`) ? cwd : parse(path).root);
}

import { isAbsolute, relative } from 'node:path';
import type { Analyzer, Files } from '../analyzer/analysis';
import { SourceFiles } from '../disk/sourceFiles';

export type CreateAnalyzer = (files: Files) => Analyzer;

/** What every command works on: the disk's files, the analyzer over them, and how to name them to the reader. */
export interface Workspace {
  readonly cwd: string;
  readonly files: SourceFiles;
  readonly analyzer: Analyzer;
  /** Relative to the working directory where the file lies in it, with forward slashes. */
  display(path: string): string;
}

export function openWorkspace(cwd: string, createAnalyzer: CreateAnalyzer): Workspace {
  const files = new SourceFiles();
  return {
    cwd,
    files,
    analyzer: createAnalyzer(files),
    display: (path) => {
      const inner = relative(cwd, path).replaceAll('\\', '/');
      return inner === '' || inner.startsWith('../') || isAbsolute(inner) ? path : inner;
    },
  };
}

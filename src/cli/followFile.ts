import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeModels } from '../present/codeModels';
import type { CodeModels } from '../shared/playground';
import { startOf } from './convert';
import { type CreateAnalyzer, openWorkspace } from './workspace';

/**
 * The models of one file for the playground, as the file is whenever they are asked for.
 * @throws Error where there is no such file
 */
export function followFile(file: string, cwd: string, createAnalyzer: CreateAnalyzer): () => CodeModels | undefined {
  const full = path.resolve(cwd, file).replaceAll('\\', '/');
  const stampOf = () => {
    const stats = statSync(full, { throwIfNoEntry: false });
    return stats?.isFile() ? `${stats.mtimeMs} ${stats.size}` : undefined;
  };
  if (stampOf() === undefined) throw new Error(`${file} is no file`);
  let known: { readonly stamp: string; readonly models: CodeModels } | undefined;
  return () => {
    const stamp = stampOf();
    if (stamp === undefined) return undefined;
    if (known?.stamp !== stamp) known = { stamp, models: read(full, cwd, createAnalyzer) };
    return known.models;
  };
}

function read(full: string, cwd: string, createAnalyzer: CreateAnalyzer): CodeModels {
  const workspace = openWorkspace(cwd, createAnalyzer);
  return codeModels(workspace.analyzer.analyze(full), {
    uri: pathToFileURL(full).href,
    name: workspace.display(full),
    position: (place) => {
      const { line, column } = startOf(place, workspace);
      return { uri: pathToFileURL(place.file).href, line: line - 1, column: column - 1 };
    },
  });
}

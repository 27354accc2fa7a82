import { codeModels } from '../present/codeModels';
import type { CodeModels } from '../shared/playground';
import { Converter } from './convert';
import { analyzeDocument, type Workspace } from './workspace';

/** The models of an open document, for the playground; null where it is closed, switched off, or changed meanwhile. */
export async function models(workspace: Workspace, uri: string): Promise<CodeModels | null> {
  const analyzed = await analyzeDocument(workspace, uri);
  if (analyzed === undefined) return null;
  const converter = new Converter(workspace);
  return codeModels(analyzed.analysis, {
    uri,
    name: analyzed.analysis.path.split('/').at(-1) ?? uri,
    position: (place) => {
      const { line, character } = converter.range(place).start;
      return { uri: workspace.paths.toUri(place.file), line, column: character };
    },
  });
}

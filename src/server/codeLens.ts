import type { CodeLens } from 'vscode-languageserver';
import { handOversOf } from '../present/handOver';
import { OPEN_PLAYGROUND } from '../shared/protocol';
import { Converter } from './convert';
import { analyzeDocument, type Workspace } from './workspace';

/** Above each normalization whose shape is known: open the playground with it. */
export async function codeLenses(workspace: Workspace, uri: string): Promise<CodeLens[]> {
  const settings = await workspace.settings.of(uri);
  if (!settings.codeLens.enable) return [];
  const analyzed = await analyzeDocument(workspace, uri);
  if (analyzed === undefined) return [];
  const { analysis } = analyzed;
  const converter = new Converter(workspace);
  const lenses = new Map<number, CodeLens>();
  for (const { at, query } of handOversOf(analysis)) {
    const range = converter.range(at);
    // One a line: of a chain of calls the outermost speaks.
    if (lenses.has(range.start.line)) continue;
    const command = { title: '$(symbol-misc) See it in the playground', command: OPEN_PLAYGROUND, arguments: [query] };
    lenses.set(range.start.line, { range, command });
  }
  return [...lenses.values()];
}

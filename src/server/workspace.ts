import type { Connection, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileAnalysis } from '../analyzer/analysis';
import { LineMap } from '../analyzer/program/lineMap';
import type { Analyses, Timed } from './analyses';
import { type Configuration, isConfig } from './configuration';
import type { WorkspaceFiles } from './files';
import type { Host } from './host';
import type { Paths } from './paths';

/** What every feature works with. */
export interface Workspace {
  readonly connection: Connection;
  readonly host: Host;
  readonly documents: TextDocuments<TextDocument>;
  readonly paths: Paths;
  readonly files: WorkspaceFiles;
  readonly settings: Configuration;
  readonly analyses: Analyses;
}

/** An open document with the analysis of the very text that it holds. */
export interface Analyzed extends Timed {
  readonly document: TextDocument;
  readonly analysis: FileAnalysis;
}

/** Undefined for a document that is closed, switched off, or changed meanwhile. */
export async function analyzeDocument(workspace: Workspace, uri: string): Promise<Analyzed | undefined> {
  const settings = await workspace.settings.of(uri);
  const document = workspace.documents.get(uri);
  if (document === undefined || !settings.enable) return undefined;
  const path = workspace.paths.toPath(uri, document.languageId);
  if (isConfig(path)) return undefined;
  const timed = await workspace.analyses.analyze(path, settings);
  return timed && { document, ...timed };
}

/** The lines of a file as the analyzer read it. */
export function linesOf(workspace: Workspace, path: string): LineMap {
  return new LineMap(workspace.files.read(path) ?? '');
}

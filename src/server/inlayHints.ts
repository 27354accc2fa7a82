import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { FileAnalysis, ShapeSummary } from '../analyzer/analysis';
import { describeSpot } from '../present/describe';
import { type Spot, spotsOf } from '../present/lookup';
import { listShapes, outputsOf, showShapes } from '../present/shapes';
import { Converter } from './convert';
import { analyzeDocument, type Workspace } from './workspace';

/** The output shape behind each call and layer in a part of a document. */
export async function inlayHints(workspace: Workspace, uri: string, range: Range): Promise<InlayHint[]> {
  const settings = await workspace.settings.of(uri);
  if (!settings.inlayHints.enable) return [];
  const analyzed = await analyzeDocument(workspace, uri);
  if (analyzed === undefined) return [];
  const { analysis } = analyzed;
  const converter = new Converter(workspace);
  const start = converter.offset(analysis.path, range.start);
  const end = converter.offset(analysis.path, range.end);
  const lineOf = (offset: number) => converter.range({ file: analysis.path, start: offset, end: offset }).end.line;
  return hintedSpots(analysis, lineOf, settings.inlayHints.unknown)
    .filter(({ at }) => start <= at.end && at.end <= end)
    .map((spot) => ({
      position: converter.range(spot.at).end,
      label: showShapes(shapesOf(spot)),
      kind: InlayHintKind.Type,
      paddingLeft: true,
      tooltip: tooltip(spot),
    }));
}

/** Of a chain of calls (`x.sub(m).div(s)`), the one that ends a line speaks for those before it on that line. */
export function hintedSpots(
  analysis: FileAnalysis,
  lineOf: (offset: number) => number,
  unknown: boolean,
): readonly Spot[] {
  const last = new Map<string, Spot>();
  for (const spot of spotsOf(analysis)) {
    if (!unknown && shapesOf(spot).every((shape) => shape === null)) continue;
    const key = `${spot.at.start}:${lineOf(spot.at.end)}`;
    const other = last.get(key);
    if (other === undefined || other.at.end < spot.at.end) last.set(key, spot);
  }
  // A call and the layer that it applies may end at one place: the outer one stays.
  const ends = new Map<number, Spot>();
  for (const spot of last.values()) {
    const other = ends.get(spot.at.end);
    if (other === undefined || spot.at.start < other.at.start) ends.set(spot.at.end, spot);
  }
  return [...ends.values()].sort((a, b) => a.at.end - b.at.end);
}

function shapesOf(spot: Spot): readonly ShapeSummary[] {
  return spot.kind === 'call' ? outputsOf(spot.call) : listShapes(spot.layer.outputShape);
}

function tooltip(spot: Spot): string {
  const reason = spot.kind === 'call' ? spot.call.reason : undefined;
  return reason === undefined ? describeSpot(spot) : `${describeSpot(spot)}\n${reason.text}`;
}

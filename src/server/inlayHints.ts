import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { FileAnalysis } from '../analyzer/analysis';
import { describeSpot, isUnknown, showOutput } from '../present/describe';
import { type Spot, spotsOf } from '../present/lookup';
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
      label: showOutput(spot),
      kind: InlayHintKind.Type,
      paddingLeft: true,
      tooltip: tooltip(spot),
    }));
}

/**
 * The spots that get a hint. Of a chain of calls (`x.sub(m).div(s)`) the one that ends a line speaks for those before it
 * on that line; of `model.add(layer)` the layer speaks, for it is known one by one.
 */
export function hintedSpots(
  analysis: FileAnalysis,
  lineOf: (offset: number) => number,
  unknown: boolean,
): readonly Spot[] {
  const spots = spotsOf(analysis).filter((spot) => unknown || !isUnknown(spot));
  const last = new Map<string, Spot>();
  for (const spot of spots) {
    const key = `${spot.at.start}:${lineOf(spot.at.end)}`;
    const other = last.get(key);
    if (other === undefined || other.at.end < spot.at.end) last.set(key, spot);
  }
  const made = new Set(spots.filter(({ call }) => call === undefined).map(({ at }) => at.end));
  const addsLayer = ({ at, layers }: Spot) => layers.length === 0 && (made.has(at.end) || made.has(at.end - 1));
  return [...last.values()].filter((spot) => !addsLayer(spot)).sort((a, b) => a.at.end - b.at.end);
}

function tooltip(spot: Spot): string {
  const reason = spot.call?.reason;
  return [...describeSpot(spot), ...(reason === undefined ? [] : [reason.text])].join('\n');
}

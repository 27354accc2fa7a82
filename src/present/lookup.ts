import type { CallSummary, FileAnalysis, LayerSummary } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';

/** What an analysis can say about a place: a call of an op or layer, or a layer of a model. */
export type Spot =
  | { readonly kind: 'call'; readonly at: Place; readonly call: CallSummary }
  | { readonly kind: 'layer'; readonly at: Place; readonly layer: LayerSummary };

/** Everything in this file with a shape to tell, outer before inner. A call and a layer of one place are one spot. */
export function spotsOf(analysis: FileAnalysis): readonly Spot[] {
  const spots = new Map<string, Spot>();
  const add = (spot: Spot) => {
    const key = `${spot.at.start}:${spot.at.end}`;
    if (spot.at.file === analysis.path && !spots.has(key)) spots.set(key, spot);
  };
  for (const model of analysis.models) {
    for (const layer of model.layers) add({ kind: 'layer', at: layer.at, layer });
  }
  for (const call of analysis.calls) add({ kind: 'call', at: call.at, call });
  return [...spots.values()].sort((a, b) => a.at.start - b.at.start || b.at.end - a.at.end);
}

/** The innermost spot around an offset. */
export function spotAt(analysis: FileAnalysis, offset: number): Spot | undefined {
  return spotsOf(analysis).findLast(({ at }) => at.start <= offset && offset <= at.end);
}

/** The spot that a finding speaks of: the innermost around it, or else the first inside it. */
export function spotOf(analysis: FileAnalysis, place: Place): Spot | undefined {
  if (place.file !== analysis.path) return undefined;
  const spots = spotsOf(analysis);
  return (
    spots.findLast(({ at }) => at.start <= place.start && place.end <= at.end) ??
    spots.find(({ at }) => place.start <= at.start && at.end <= place.end)
  );
}

import type { CallSummary, FileAnalysis, LayerSummary } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';

/** A place of which an analysis can tell shapes: a call of an op or layer, the layers made there, or both. */
export interface Spot {
  readonly at: Place;
  /** What the call gives in all its evaluations. */
  readonly call: CallSummary | undefined;
  /** The layers of models that were made here, or that this call applies: several where a loop or a function ran often. */
  readonly layers: readonly LayerSummary[];
}

/** An analysis never changes: its spots are looked for once, however many findings ask for theirs. */
const found = new WeakMap<FileAnalysis, readonly Spot[]>();

/** Every spot of the analyzed file, outer before inner. */
export function spotsOf(analysis: FileAnalysis): readonly Spot[] {
  const known = found.get(analysis);
  if (known !== undefined) return known;
  const spots = findSpots(analysis);
  found.set(analysis, spots);
  return spots;
}

function findSpots(analysis: FileAnalysis): readonly Spot[] {
  const spots = new Map<string, { at: Place; call: CallSummary | undefined; layers: LayerSummary[] }>();
  const spotAtPlace = (at: Place) => {
    const key = `${at.start}:${at.end}`;
    const spot = spots.get(key) ?? { at, call: undefined, layers: [] };
    spots.set(key, spot);
    return spot;
  };
  const own = ({ at }: { readonly at: Place }) => at.file === analysis.path;
  const made = new Map<number, LayerSummary[]>();
  for (const layer of analysis.models.flatMap((model) => model.layers).filter(own)) {
    const { layers } = spotAtPlace(layer.at);
    if (!layers.includes(layer)) layers.push(layer);
    made.set(layer.at.start, layers);
  }
  for (const call of analysis.calls.filter(own)) {
    const spot = spotAtPlace(call.at);
    spot.call = call;
    // `tf.layers.dense(…).apply(x)` begins where its layer does. What is known of each layer is more than of all at once.
    if (spot.layers.length === 0 && call.api.startsWith('tf.layers.')) spot.layers = made.get(call.at.start) ?? [];
  }
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

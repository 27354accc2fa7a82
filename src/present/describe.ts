import type { CallSummary, LayerSummary, ShapeSummary } from '../analyzer/analysis';
import type { Spot } from './lookup';
import { flowsOf, listShapes, outputsOf, showBrief, showFlow } from './shapes';

/** Of layers and calls that a loop makes, so many are told one by one. */
const MOST = 4;
/** A hint behind the code has room for two: editors cut it off at about 40 characters. */
const MOST_BRIEF = 2;

/** One line for each layer of a spot or, where there is none, for each evaluation of its call that differs. */
export function describeSpot({ call, layers }: Spot): readonly string[] {
  const lines = [
    ...new Set(layers.length > 0 ? layers.map(describeLayer) : call === undefined ? [] : describeCall(call)),
  ];
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `… and ${lines.length - MOST} more`];
}

/** `tf.moments [32, 8, 8, 3] → [3], [3]`, once for each evaluation that differs. */
function describeCall(call: CallSummary): readonly string[] {
  return flowsOf(call).map((flow) => `${call.api} ${showFlow(flow.inputShapes, outputsOf(flow))}`);
}

/** `dense “dense_Dense1” [null, 20] → [null, 64], 1,344 parameters`. */
function describeLayer(layer: LayerSummary): string {
  const params = layer.params === undefined ? '' : `, ${showCount(layer.params)} parameters`;
  const flow = showFlow(listShapes(layer.inputShape), listShapes(layer.outputShape));
  return `${layer.type} “${layer.name}” ${flow}${params}`;
}

/** What comes out of a spot, briefly: `[null,64]`, or `[null,64] | [null,32] | …` where a loop makes several. */
export function showOutput(spot: Spot): string {
  const shown = [...new Set(outputAlternatives(spot).map((shapes) => shapes.map(showBrief).join(', ')))];
  return shown.length <= MOST_BRIEF ? shown.join(' | ') : `${shown.slice(0, MOST_BRIEF).join(' | ')} | …`;
}

/** Whether nothing is known of what comes out. */
export function isUnknown(spot: Spot): boolean {
  return outputAlternatives(spot).every((shapes) => shapes.every((shape) => shape === null));
}

function outputAlternatives({ call, layers }: Spot): readonly (readonly ShapeSummary[])[] {
  if (layers.length > 0) return layers.map((layer) => listShapes(layer.outputShape));
  return call === undefined ? [] : flowsOf(call).map(outputsOf);
}

/** A whole number with its thousands apart: `1,234,567`. Without the tables of locales, which take 10 ms to load. */
export function showCount(count: number | string): string {
  return typeof count === 'number' ? String(count).replace(/\B(?=(?:\d{3})+$)/g, ',') : count;
}

import type { Spot } from './lookup';
import { listShapes, outputsOf, showFlow } from './shapes';

/** `tf.moments [32, 8, 8, 3] → [3], [3]`, in one line. */
export function describeSpot(spot: Spot): string {
  if (spot.kind === 'call') {
    return `${spot.call.api} ${showFlow(spot.call.inputShapes, outputsOf(spot.call))}`;
  }
  const { layer } = spot;
  const params = layer.params === undefined ? '' : `, ${showCount(layer.params)} parameters`;
  return `${layer.type} “${layer.name}” ${showFlow(listShapes(layer.inputShape), listShapes(layer.outputShape))}${params}`;
}

/** A number with thousands apart: 1 234 567 reads worse than 1,234,567. */
export function showCount(count: number | string): string {
  return typeof count === 'number' ? count.toLocaleString('en-US') : count;
}

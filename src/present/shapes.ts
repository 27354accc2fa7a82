import type { CallFlow, CallSummary, LayerSummary, ShapeSummary } from '../analyzer/analysis';
import { showDim } from '../analyzer/shapes/dim';

/** One shape or, where there are several inputs or outputs, a list of them. */
export type ShapeOrShapes = LayerSummary['inputShape'];

/** `[null, 28, 28, 2*c]`; `?` where the rank is unknown. */
export function showShape(shape: ShapeSummary): string {
  return shape === null ? '?' : `[${shape.map(showDim).join(', ')}]`;
}

/** `[null,28,28,2*c]`, where room is short. */
export function showBrief(shape: ShapeSummary): string {
  return shape === null ? '?' : `[${shape.map(showDim).join(',')}]`;
}

/** `[32, 4]`, or `[32, 4], [32, 8]` for several; `–` for none. */
export function showShapes(shapes: readonly ShapeSummary[]): string {
  return shapes.length === 0 ? '–' : shapes.map(showShape).join(', ');
}

/**
 * One shape as a list of one. A list in which nothing is a list is a shape: `[null, null]` has two axes, and `[]` is a
 * scalar's.
 */
export function listShapes(shapes: ShapeOrShapes): readonly ShapeSummary[] {
  return isShape(shapes) ? [shapes] : shapes;
}

function isShape(shapes: ShapeOrShapes): shapes is ShapeSummary {
  return shapes === null || !shapes.some((item) => Array.isArray(item));
}

/** What a call gives: one shape, or several (`tf.moments`, `tf.split`). */
export function outputsOf(call: CallFlow): readonly ShapeSummary[] {
  return call.outputShapes ?? [call.outputShape];
}

/** What a call's evaluations say, each that differs; where they are too many, what holds of them all. */
export function flowsOf(call: CallSummary): readonly CallFlow[] {
  return call.evaluations ?? [call];
}

/** `[32, 8, 8, 3] → [3], [3]`. */
export function showFlow(inputs: readonly ShapeSummary[], outputs: readonly ShapeSummary[]): string {
  return inputs.length === 0 ? showShapes(outputs) : `${showShapes(inputs)} → ${showShapes(outputs)}`;
}

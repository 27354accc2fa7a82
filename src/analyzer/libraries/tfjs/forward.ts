import type { Interpreter } from '../../interpreter/interpreter';
import { type Dim, isPoly } from '../../shapes/dim';
import { axis, type Shape } from '../../shapes/shape';
import type { LayerCallFact, ModelFact, TensorFact } from '../../trace/facts';
import { Refused, refuse } from '../refused';
import { CustomLayerObject } from './objects/customLayer';
import { stateOf } from './state';

/** The output shapes of a model on inputs of these shapes: every call inside runs again. Throws `Refused` where one does. */
export function forward(
  interpreter: Interpreter,
  model: ModelFact,
  inputs: readonly Shape[],
  symbolic: boolean,
): readonly Shape[] {
  if (model.inputs.length === 0) return model.outputs.map(() => null);
  if (inputs.length !== model.inputs.length) {
    refuse('argument-count', `${model.name} takes ${model.inputs.length} inputs but gets ${inputs.length}`);
  }
  const before = stateOf(interpreter).forwards;
  const key = keyOf(interpreter, model, inputs, symbolic);
  const known = key === undefined ? undefined : before.get(model)?.get(key);
  if (known !== undefined) return known.map((shape) => ofBatch(shape, inputs[0] ?? null));
  const outputs = computed(interpreter, model, inputs, symbolic);
  if (key !== undefined) {
    const memo = before.get(model) ?? new Map<string, readonly Shape[]>();
    before.set(model, memo.set(key, outputs));
  }
  return outputs;
}

/** What the outputs depend on: the sizes, the layers that there are by now, and whether gradients are taken. */
function keyOf(
  interpreter: Interpreter,
  model: ModelFact,
  inputs: readonly Shape[],
  symbolic: boolean,
): string | undefined {
  const sizes = inputs.map((shape) => shape?.map(({ dim }) => (isPoly(dim) ? dim.key : String(dim))).join(','));
  if (sizes.some((s) => s === undefined || s.includes('?'))) return undefined;
  const { gradient } = interpreter.context;
  return `${sizes.join(';')}|${model.calls.length}|${symbolic}|${stateOf(interpreter).mode}|${gradient?.at.start ?? ''}`;
}

/** A remembered output, for the batch at hand. */
function ofBatch(shape: Shape, input: Shape): Shape {
  const batch = input?.[0];
  return (
    shape?.map((a, i) => (i === 0 && batch !== undefined && a.role === 'batch' && a.dim === batch.dim ? batch : a)) ??
    null
  );
}

function computed(
  interpreter: Interpreter,
  model: ModelFact,
  inputs: readonly Shape[],
  symbolic: boolean,
): readonly Shape[] {
  const shapes = new Map<TensorFact, Shape>(model.inputs.map((tensor, i) => [tensor, inputs[i] ?? null]));
  for (const call of model.calls) {
    if (call.inputs.length === 0) continue;
    const given = call.inputs.map((t) => shapes.get(t) ?? t.shape);
    const outputs = within(call, () => outputsOf(interpreter, call, given, symbolic));
    for (const [i, output] of call.outputs.entries()) shapes.set(output, outputs[i] ?? null);
  }
  return model.outputs.map((o) => shapes.get(o) ?? o.shape);
}

/** Whatever the call refuses names its layer. */
function within<T>({ layer }: LayerCallFact, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) error.layer ??= layer;
    throw error;
  }
}

/** A call whose inputs are as they were when the model was built gives what it gave then. */
function outputsOf(
  interpreter: Interpreter,
  call: LayerCallFact,
  given: readonly Shape[],
  symbolic: boolean,
): readonly Shape[] {
  if (stateOf(interpreter).refused.has(call)) return call.outputs.map(() => null);
  const unchanged = call.inputs.every((t, i) => t.shape === given[i]);
  if (unchanged && symbolic) return call.outputs.map((o) => o.shape);
  const layer = stateOf(interpreter).layers.get(call.layer);
  if (layer instanceof CustomLayerObject && !symbolic) {
    return layer.execute(interpreter, given) ?? call.outputs.map((o) => batchOf(o.shape, given[0] ?? null));
  }
  if (layer === undefined || layer.like.type === 'custom') return call.outputs.map(() => null);
  const again = layer.builtFor === undefined ? undefined : layer.like.again?.(layer.builtFor, given, symbolic);
  return (again ?? layer.like.call(given, symbolic)).outputs;
}

/** What was declared, on this batch. */
function batchOf(declared: Shape, input: Shape): Shape {
  return declared?.map((a, i) => (i === 0 && a.dim === null ? (input?.[0] ?? a) : a)) ?? null;
}

/** Executes the layers of users' classes in a model that trains, on batches of this size. */
export function executeCustomLayers(interpreter: Interpreter, model: ModelFact, batch: Dim): void {
  for (const call of model.calls) {
    const layer = stateOf(interpreter).layers.get(call.layer);
    if (!(layer instanceof CustomLayerObject)) continue;
    const size = axis(batch === '?' ? null : batch, 'batch');
    layer.execute(
      interpreter,
      call.inputs.map((t) => t.shape?.map((a, i) => (i === 0 && a.dim === null ? size : a)) ?? null),
    );
  }
}

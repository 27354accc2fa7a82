import type { Interpreter } from '../../interpreter/interpreter';
import { ArrayValue, type Value } from '../../interpreter/values/values';
import { same, showDim } from '../../shapes/dim';
import { showShape } from '../../shapes/shape';
import type { LayerFact, ModelFact, Place, TensorFact, WeightFact, WeightsCopyFact } from '../../trace/facts';
import { TensorObject } from './objects/tensor';
import { WeightObject } from './objects/weights';

/** One weight set from another (`target.write(source.read())`, `target.val.assign(…)`): a copy of a layer's weights. */
export function recordWrite(
  interpreter: Interpreter,
  target: TensorFact,
  value: TensorFact,
  which: WeightsCopyFact['which'],
  at: Place,
): void {
  const to = target.variable?.layer;
  if (to === undefined) return;
  interpreter.record({ kind: 'weightsCopy', at, from: sourceLayer(value), to, which });
}

/** Tensors that are looked through for the layer whose weight a value was computed from (a moving average of two). */
const FARTHEST = 32;

function sourceLayer(value: TensorFact): LayerFact | undefined {
  const seen = new Set<TensorFact>();
  const queue = [value];
  for (let fact = queue.pop(); fact !== undefined && seen.size < FARTHEST; fact = queue.pop()) {
    if (seen.has(fact)) continue;
    seen.add(fact);
    if (fact.variable?.layer !== undefined) return fact.variable.layer;
    if (fact.producer?.kind === 'op') queue.push(...fact.producer.operands.values());
  }
  return undefined;
}

/** `target.setWeights(list)`: the copy, and a refusal where the list cannot fit the weights that there are. */
export function setWeights(
  interpreter: Interpreter,
  target: LayerFact | ModelFact,
  weights: readonly WeightFact[] | undefined,
  value: Value,
  at: Place,
): undefined {
  const source = value instanceof ArrayValue ? value.source : undefined;
  interpreter.record({ kind: 'weightsCopy', at, from: source?.of, to: target, which: source?.which ?? 'unknown' });
  if (weights === undefined || !(value instanceof ArrayValue) || value.rest !== undefined) return undefined;
  const { elements } = value;
  if (!elements.every((e) => e instanceof TensorObject || e instanceof WeightObject)) return undefined;
  const refused =
    elements.length !== weights.length
      ? {
          message: `${target.name} has ${weights.length} weights but gets ${elements.length}`,
          original: 'You called setWeights(weights) on layer',
        }
      : 'calls' in target // whose order depends on what trains
        ? undefined
        : otherShape(target, weights, elements);
  if (refused === undefined) return undefined;
  const refusal = { ...refused, code: 'weights', when: 'call', argument: 'weights' } as const;
  interpreter.record({ kind: 'refusal', at, refusal, api: 'setWeights', layer: undefined, inputs: [] });
  return undefined;
}

/** The first weight that is given in another shape than it has. */
function otherShape(
  target: LayerFact,
  weights: readonly WeightFact[],
  given: readonly (TensorObject | WeightObject)[],
): { readonly message: string; readonly original: string } | undefined {
  const inOrder = [...weights.filter((w) => w.trainable), ...weights.filter((w) => !w.trainable)];
  for (const [i, weight] of inOrder.entries()) {
    const tensor = given[i];
    const { shape = null } = (tensor instanceof WeightObject ? tensor.tensor : tensor)?.fact ?? {};
    if (shape === null) continue;
    const fits =
      shape.length === weight.shape.length &&
      shape.every((axis, at) => same(axis.dim, weight.shape[at] ?? '?') !== false);
    if (fits) continue;
    return {
      message: `${weight.name.replace(/^.*\//, '')} of ${target.name} is [${weight.shape.map(showDim).join(',')}] but gets ${showShape(shape)}`,
      original: `Layer weight shape ${weight.shape.map(showDim).join(',')} not compatible with provided weight shape`,
    };
  }
  return undefined;
}

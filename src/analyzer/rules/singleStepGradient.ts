import { showShape } from '../shapes/shape';
import type {
  GradientFact,
  GradientRegionFact,
  LayerCallFact,
  LayerFact,
  ModelFact,
  OpFact,
  TensorFact,
  TrainableFact,
} from '../trace/facts';
import type { Trace } from '../trace/trace';
import { option } from './layers';
import { isWithin, operands as operandsOf } from './provenance';
import type { Rule, RuleFinding } from './rule';

/** Layers that unstack their input along time and go through it step by step. */
const STEPPING: ReadonlySet<string> = new Set([
  'simpleRNN',
  'lstm',
  'gru',
  'rnn',
  'convLstm2d',
  'bidirectional',
  'timeDistributed',
]);

/** What is known to hold on to what trains: the layer itself, a variable, an input of `tf.grad`. */
type Origin = LayerFact | TensorFact;

/** Why a tensor needs a gradient; absent where none is known. */
type Derived = Map<TensorFact, Origin>;

/** A call that cuts its input into one part, and what before it needs the gradient. */
interface Cut {
  readonly call: LayerCallFact | OpFact;
  readonly origin: Origin;
}

/**
 * tfjs hands a gradient function one tensor where its kernel gave one output, and a list where it gave several. The
 * gradients of Unpack and of SplitV stack and concatenate that list (tfjs-core 4.22, gradients/Unpack_grad, SplitV_grad), and
 * stop at the lone tensor. Without variables before the cut nothing asks for its gradient.
 */
export const singleStepGradient: Rule = {
  id: 'NL221',
  name: 'single-step-gradient',
  severity: 'error',
  summary:
    'What trains stands before a recurrent layer over one time step, or before an unstack into one: training throws',
  check(trace, report) {
    const frozen = frozenIn(trace);
    for (const fact of trace.of('train')) {
      if (!fact.model.exact || fact.epochs === 0 || !fact.model.calls.some(mayCut)) continue;
      for (const { call, origin } of passThrough(fact.model, new Map(), (layer) => trains(layer, frozen)).cuts)
        report(findingOf(trace, call, origin, fact.at, `${fact.api}()`, fact.certain));
    }
    const eager = [...trace.of('op'), ...trace.of('layerCall')].filter(
      (call) => call.gradient !== undefined && mayCut(call),
    );
    if (eager.length === 0) return;
    for (const region of trace.of('gradientRegion')) {
      const own = eager.some((call) => isWithin(call.gradient, region.region));
      // What a customGrad computes is not on the tape, and the trace does not tell it from the rest.
      if (!own || trace.source(region.at.file).includes('customGrad')) continue;
      for (const { call, origin } of cutsBehind(trace, region, frozen))
        report(findingOf(trace, call, origin, region.at, `tf.${region.region.api}`, region.certain));
    }
  },
};

function findingOf(
  trace: Trace,
  call: LayerCallFact | OpFact,
  origin: Origin,
  at: RuleFinding['at'],
  api: string,
  certain: boolean,
): RuleFinding {
  const shape = showShape(inputsOf(call)[0]?.shape ?? null);
  const layer = call.kind === 'layerCall' ? call.layer : undefined;
  const what = layer === undefined ? `tf.${(call as OpFact).name}` : layer.type;
  return {
    at: layer?.at ?? call.at,
    about: layer ?? (call as OpFact),
    severity: certain ? 'error' : 'warning',
    message:
      layer === undefined
        ? `${what} gives one part of ${shape}: TensorFlow.js cannot derive it, and ${api} throws`
        : `${what} over one time step ${shape} stops the gradient of what trains before it: ${api} throws`,
    advice:
      layer === undefined
        ? `The gradient of ${what} in TensorFlow.js 4.22 expects one tensor for each part and is handed a lone one (“Argument tensors passed to stack must be a Tensor[]”, “Pass at least one tensor to concat”). One part is the tensor itself: x.squeeze([axis]) does for tf.unstack, and x for tf.split.`
        : `${what} unstacks its input along time, and in TensorFlow.js 4.22 the gradient of an unstack into one part throws (“Argument tensors passed to stack must be a Tensor[] or TensorLike[]”). Over one step a recurrence has nothing to repeat: use tf.layers.flatten() and dense layers, give it two steps or more, freeze what stands before it, or let the ${what} be the first layer.`,
    facts: { api: what },
    related: [
      ...('type' in origin ? [{ at: origin.at, message: `${origin.type} needs its gradient` }] : []),
      ...(trace.text(at) === '' ? [] : [{ at, message: 'the gradient is taken here' }]),
    ],
  };
}

// ---------------------------------------------------------------- models

/** What one pass over calls in their order knows and finds. */
interface Pass {
  readonly derived: Derived;
  readonly cuts: Cut[];
  originOf(tensor: TensorFact): Origin | undefined;
  /** Whether weights of the layer are among what is trained. */
  trained(layer: LayerFact): boolean;
}

/** @param reaches whether what is derived depends on the call */
function visit(call: LayerCallFact | OpFact, pass: Pass, reaches: boolean): void {
  const operands = inputsOf(call);
  const layer = call.kind === 'op' ? undefined : call.layer;
  if (layer !== undefined && !isFollowed(layer)) return;
  if (layer?.model !== undefined) {
    const { inputs, outputs } = layer.model;
    const inner = passThrough(layer.model, pairs(inputs, operands.map(pass.originOf)), pass.trained);
    if (reaches && outputs.length === 1) pass.cuts.push(...inner.cuts);
    for (const [output, origin] of pairs(call.outputs, outputs.map(inner.originOf))) pass.derived.set(output, origin);
    return;
  }
  const [first] = operands;
  const before = first === undefined ? undefined : pass.originOf(first);
  if (before !== undefined && reaches && cuts(call)) pass.cuts.push({ call, origin: before });
  const own = layer !== undefined && pass.trained(layer) ? layer : undefined;
  const origin = own ?? operands.map(pass.originOf).find((o) => o !== undefined);
  if (origin !== undefined) for (const output of call.outputs) pass.derived.set(output, origin);
}

/**
 * The cuts of a model on the way from what trains to its outputs.
 * @param given inputs of the model that need a gradient
 */
function passThrough(model: ModelFact, given: Derived, trained: Pass['trained']): Pass {
  const pass: Pass = { derived: given, cuts: [], originOf: (tensor) => given.get(tensor), trained };
  const reaching = new Set(model.outputs);
  const reaches = (call: LayerCallFact): boolean => call.outputs.some((o) => reaching.has(o));
  for (const call of model.calls.toReversed())
    if (isFollowed(call.layer) && reaches(call)) for (const input of call.inputs) reaching.add(input);
  for (const call of model.calls) visit(call, pass, reaches(call));
  return pass;
}

function pairs(tensors: readonly TensorFact[], origins: readonly (Origin | undefined)[]): Derived {
  const map: Derived = new Map();
  for (const [i, tensor] of tensors.entries()) {
    const origin = origins[i];
    if (origin !== undefined) map.set(tensor, origin);
  }
  return map;
}

/** Layers of the user's own may lead anything anywhere; a model whose layers are not all known, too. */
const isFollowed = (layer: LayerFact): boolean =>
  layer.type !== 'custom' && layer.inner.every(isFollowed) && layer.model?.exact !== false;

/** Layers and models that are frozen somewhere, or whose flag is not known. */
export function frozenIn(trace: Trace): ReadonlySet<TrainableFact['target']> {
  const targets = new Set<TrainableFact['target']>();
  for (const { target, value } of trace.of('trainable')) {
    if (value === true) continue;
    targets.add(target);
    if ('calls' in target) for (const layer of trace.layersWithin(target)) targets.add(layer);
  }
  return targets;
}

export function trains(layer: LayerFact, frozen: ReadonlySet<TrainableFact['target']>): boolean {
  const own = layer.trainable === true && option(layer, 'trainable', true) === true && !frozen.has(layer);
  return own && layer.weights?.some((w) => w.trainable) === true && layer.inner.every((l) => trainsInside(l, frozen));
}

const trainsInside = (layer: LayerFact, frozen: ReadonlySet<TrainableFact['target']>): boolean =>
  layer.trainable === true && !frozen.has(layer) && layer.model === undefined;

// ---------------------------------------------------------------- cuts

export const inputsOf = (call: LayerCallFact | OpFact): readonly TensorFact[] =>
  call.kind === 'layerCall' ? call.inputs : operandsOf(call);

/** Whether the call cuts its input into one part. */
function cuts(call: LayerCallFact | OpFact): boolean {
  if (call.kind === 'layerCall') return STEPPING.has(call.layer.type) && call.inputs[0]?.shape?.[1]?.dim === 1;
  return (call.name === 'unstack' || call.name === 'split') && call.outputs.length === 1 && call.reason === undefined;
}

/** Whether the call cuts, or applies a model in which one does: few do, and the rest is told by this alone. */
function mayCut(call: LayerCallFact | OpFact): boolean {
  return cuts(call) || (call.kind === 'layerCall' && call.layer.model?.calls.some(mayCut) === true);
}

// ---------------------------------------------------------------- gradients by hand

export type Producer = LayerCallFact | OpFact;

/** The calls behind what is derived, producers before their consumers. */
export function behind(outputs: readonly TensorFact[]): readonly Producer[] {
  const order: Producer[] = [];
  const seen = new Set<Producer>();
  const stack: { readonly call: Producer; readonly done: boolean }[] = [];
  const push = (tensor: TensorFact): void => {
    const call = tensor.producer;
    // A variable keeps the values that it starts from: no gradient goes back through it.
    if (call === undefined || seen.has(call) || (call.kind === 'op' && call.name === 'variable')) return;
    stack.push({ call, done: false });
  };
  for (const output of outputs) push(output);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { call, done } = top;
    if (done) order.push(call);
    else if (!seen.has(call)) {
      seen.add(call);
      stack.push({ call, done: true });
      for (const operand of inputsOf(call)) push(operand);
    }
  }
  return order;
}

function cutsBehind(
  trace: Trace,
  fact: GradientRegionFact,
  frozen: ReadonlySet<TrainableFact['target']>,
): readonly Cut[] {
  const { region } = fact;
  const inside = (call: Producer): boolean => isWithin(call.gradient, region);
  const inputs = new Set(fact.inputs);
  const derived: Derived = new Map();
  // The variables are collected before the function runs: those of a layer that is first called in it are not among them.
  const built = new Set(trace.of('layerCall').flatMap((call) => (inside(call) ? [] : [call.layer])));
  const pass: Pass = {
    derived,
    cuts: [],
    originOf: (tensor) =>
      derived.get(tensor) ?? (inputs.has(tensor) || listsVariable(region, tensor) ? tensor : undefined),
    trained: (layer) => trains(layer, frozen) && built.has(layer) && listsLayer(region, layer),
  };
  // What was computed before the region is not on its tape.
  for (const call of behind(fact.outputs)) if (inside(call)) visit(call, pass, true);
  return pass.cuts;
}

/** Whether the region derives by the variable. */
function listsVariable(region: GradientFact, tensor: TensorFact): boolean {
  if (tensor.variable === undefined) return false;
  if (region.variables !== undefined) return region.variables.includes(tensor);
  return region.allVariables === true && tensor.variable.trainable === true;
}

function listsLayer(region: GradientFact, layer: LayerFact): boolean {
  if (region.variables === undefined) return region.allVariables === true;
  return region.variables.some((v) => v.variable?.layer === layer && v.variable.trainable === true);
}

import type { CallFlow, CallSummary, LayerSummary, ModelSummary, ShapeSummary } from './analysis';
import type { Interpreter } from './interpreter/interpreter';
import { countOf } from './libraries/tfjs/objects/layer';
import { ModelObject, paramsOf } from './libraries/tfjs/objects/model';
import { stateOf } from './libraries/tfjs/state';
import { dimsOf, joinAsPrinted, printAlike, type Shape } from './shapes/shape';
import type { Fact, LayerCallFact, LayerFact, ModelFact, OpFact, Place, ReasonFact, TrainFact } from './trace/facts';

/**
 * Of a file's facts those that tell the shapes at these places: the calls there, and the models with a layer that is made
 * there or that begins where such a call does.
 */
export function factsAround(facts: readonly Fact[], places: readonly { readonly at: Place }[]): readonly Fact[] {
  const isAround = ({ start, end }: Place): boolean => places.some(({ at }) => start <= at.end && end >= at.start);
  const around = new Set(facts.filter(({ at }) => isAround(at)));
  const starts = new Set([...around].map(({ at }) => at.start));
  const isShown = ({ at }: LayerFact): boolean => starts.has(at.start) || isAround(at);
  return facts.filter(
    (fact) =>
      around.has(fact) || fact.kind === 'train' || (fact.kind === 'modelBuilt' && fact.model.layers.some(isShown)),
  );
}

/** The models that were built in a file (whose facts these are), in the order of the run, as the CLI prints them. */
export function modelsIn(interpreter: Interpreter, facts: readonly Fact[]): readonly ModelSummary[] {
  const { modelObjects } = stateOf(interpreter);
  const models: ModelFact[] = [];
  const trainings: TrainFact[] = [];
  for (const fact of facts) {
    if (fact.kind === 'modelBuilt') models.push(fact.model);
    else if (fact.kind === 'train') trainings.push(fact);
  }
  return models.map((model) => {
    const calls = firstCalls(model);
    const object = modelObjects.get(model);
    return {
      name: model.name,
      kind: model.kind,
      at: model.at,
      inputs: model.inputs.map((t) => dimsOf(t.shape)),
      outputs: model.outputs.map((t) => dimsOf(t.shape)),
      layers: model.layers.map((layer) => layerSummary(interpreter, calls, layer)),
      batchSize: batchSizeOf(model, trainings),
      params:
        object === undefined ? { total: null, trainable: null, nonTrainable: null } : paramsOf(object, interpreter),
    };
  });
}

function batchSizeOf(model: ModelFact, trainings: readonly TrainFact[]): number | undefined {
  const sizes = trainings.filter((fact) => fact.model === model).map((fact) => fact.batchSize);
  const [first] = sizes;
  return typeof first === 'number' && sizes.every((size) => size === first) ? first : undefined;
}

/** The first call of each layer in a model. */
function firstCalls(model: ModelFact): ReadonlyMap<LayerFact, LayerCallFact> {
  const calls = new Map<LayerFact, LayerCallFact>();
  for (const call of model.calls) if (!calls.has(call.layer)) calls.set(call.layer, call);
  return calls;
}

function layerSummary(
  interpreter: Interpreter,
  calls: ReadonlyMap<LayerFact, LayerCallFact>,
  layer: LayerFact,
): LayerSummary {
  const object = stateOf(interpreter).layers.get(layer);
  const call = calls.get(layer) ?? object?.calls[0];
  const inner = layer.model;
  const inputs = call?.inputs ?? inner?.inputs ?? [];
  const outputs = call?.outputs ?? inner?.outputs ?? [];
  const params =
    object instanceof ModelObject
      ? (paramsOf(object, interpreter).total ?? undefined)
      : object === undefined
        ? undefined
        : countOf(object);
  return {
    name: layer.name,
    type: layer.type,
    at: layer.at,
    inputShape: oneOrMany((inputs.length === 0 ? outputs : inputs).map((t) => dimsOf(t.shape))),
    outputShape: oneOrMany(outputs.map((t) => dimsOf(t.shape))),
    params,
    settings: settingsOf(layer),
  };
}

function settingsOf({ options }: LayerFact): Readonly<Record<string, number | readonly number[]>> {
  const settings: Record<string, number | readonly number[]> = {};
  for (const [name, { value }] of options) {
    if (typeof value === 'number') settings[name] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item === 'number')) settings[name] = value;
  }
  return settings;
}

function oneOrMany(shapes: readonly ShapeSummary[]): ShapeSummary | readonly ShapeSummary[] {
  return shapes.length === 1 ? (shapes[0] ?? null) : shapes.length === 0 ? null : shapes;
}

interface Evaluated {
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

interface Seen extends Evaluated {
  readonly at: Place;
  readonly api: string;
  readonly reason: ReasonFact | undefined;
}

/** A place with what holds of all its evaluations, and those of them that differ. */
interface Row {
  whole: Seen;
  readonly evaluations: Evaluated[];
}

/** A place with more evaluations that differ tells only what holds of all of them. */
const MAX_EVALUATIONS = 32;

/** Every call of an op, a layer or a model among the facts of a file: one summary a place. */
export function callsIn(facts: readonly Fact[]): readonly CallSummary[] {
  const rows = new Map<string, Row>();
  for (const fact of facts) {
    const seen = seenIn(fact);
    if (seen === undefined) continue;
    const key = `${seen.at.start}:${seen.at.end}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { whole: seen, evaluations: [seen] });
    else if (row.whole.api === seen.api) add(row, seen);
  }
  return [...rows.values()]
    .sort((a, b) => a.whole.at.start - b.whole.at.start || a.whole.at.end - b.whole.at.end)
    .map(summaryOf);
}

function add(row: Row, seen: Seen): void {
  const { whole, evaluations } = row;
  row.whole = {
    ...whole,
    inputs: joinAll(whole.inputs, seen.inputs),
    outputs: joinAll(whole.outputs, seen.outputs),
    reason: whole.reason ?? seen.reason,
  };
  if (evaluations.length <= MAX_EVALUATIONS && !evaluations.some((one) => readsAlike(one, seen))) {
    evaluations.push(seen);
  }
}

function joinAll(x: readonly Shape[], y: readonly Shape[]): readonly Shape[] {
  return x.length === y.length ? x.map((s, i) => joinAsPrinted(s, y[i] ?? null)) : x.map(() => null);
}

function readsAlike(a: Evaluated, b: Evaluated): boolean {
  const alike = (x: readonly Shape[], y: readonly Shape[]): boolean =>
    x.length === y.length && x.every((s, i) => printAlike(s, y[i] ?? null));
  return alike(a.inputs, b.inputs) && alike(a.outputs, b.outputs);
}

function seenIn(fact: Fact): Seen | undefined {
  if (fact.kind === 'op') {
    return {
      at: fact.at,
      api: apiOf(fact),
      inputs: [...new Set(fact.operands.values())]
        .filter((t) => t.scalar === undefined || t.producer !== undefined)
        .map((t) => t.shape),
      outputs: fact.outputs.map((t) => t.shape),
      reason: fact.reason,
    };
  }
  if (fact.kind === 'layerCall' && fact.layer.type !== 'inputLayer') {
    return {
      at: fact.at,
      api: apiOf(fact),
      inputs: fact.inputs.map((t) => t.shape),
      outputs: fact.outputs.map((t) => t.shape),
      reason: fact.reason,
    };
  }
  return undefined;
}

/** A call as the program's author knows it: `tf.moments`, `tf.layers.dense`, the class of a layer of one's own. */
export function apiOf(fact: OpFact | LayerCallFact): string {
  if (fact.kind === 'op') return `tf.${fact.name}`;
  const { layer } = fact;
  if (layer.model !== undefined) return `model ${layer.name}`;
  if (layer.type === 'inputLayer') return 'tf.input';
  return layer.type === 'custom' ? layer.className : `tf.layers.${layer.type}`;
}

function summaryOf({ whole, evaluations }: Row): CallSummary {
  const { at, api } = whole;
  const tooMany = evaluations.length > MAX_EVALUATIONS;
  const reason = whole.reason ?? (tooMany ? manyEvaluations(at) : undefined);
  return {
    at,
    api,
    ...flowOf(whole),
    ...(evaluations.length > 1 && !tooMany ? { evaluations: evaluations.map(flowOf) } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

const manyEvaluations = (at: Place): ReasonFact => ({
  code: 'loop',
  at,
  text: `more than ${MAX_EVALUATIONS} evaluations differ`,
});

function flowOf({ inputs, outputs }: Evaluated): CallFlow {
  const shapes = outputs.map(dimsOf);
  return {
    inputShapes: inputs.map(dimsOf),
    outputShape: shapes[0] ?? null,
    ...(shapes.length > 1 ? { outputShapes: shapes } : {}),
  };
}

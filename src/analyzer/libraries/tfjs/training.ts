import type { Interpreter } from '../../interpreter/interpreter';
import {
  ArrayValue,
  asNumber,
  type Call,
  isUnknown,
  ObjectValue,
  PromiseValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { ceilDiv, type Dim, div, floor, mod, mul, type Poly, symbol } from '../../shapes/dim';
import { axis, type Shape } from '../../shapes/shape';
import { row } from '../../table';
import type {
  InferFact,
  LayerCallFact,
  ModelCallFact,
  ModelFact,
  OptionFact,
  Place,
  TensorFact,
} from '../../trace/facts';
import { Refused } from '../refused';
import { checkCompile } from './compile';
import { DatasetObject } from './data';
import { checkSamples, refusePlainData } from './dataShapes';
import { executeCustomLayers, forward } from './forward';
import { meansData, modeOf } from './objects/layer';
import type { ModelObject } from './objects/model';
import { makeTensor, type TensorObject, tensorsIn } from './objects/tensor';
import { optionFacts, optionValue } from './plainOf';
import { inMode, stateOf } from './state';

type Method = (model: ModelObject, call: Call) => Value;

/** Methods of a model that run it: `fit`, `predict`, `compile` and the like. */
export function modelMethod(name: string): Method | undefined {
  return row(METHODS, name);
}

const METHODS: Readonly<Record<string, Method>> = {
  compile: (model, { interpreter, args: [config], at }) => {
    interpreter.touch(model);
    model.compiled = config instanceof ObjectValue ? config : undefined;
    checkCompile(interpreter, model, config, at);
    interpreter.record({ kind: 'compile', at, model: model.model, options: optionFacts(config) });
    return undefined;
  },
  fit: (model, call) => train(model, call, 'fit'),
  trainOnBatch: (model, call) => train(model, call, 'trainOnBatch'),
  fitDataset: trainOnDataset,
  predict: (model, call) => infer(model, call, 'predict'),
  predictOnBatch: (model, call) => infer(model, call, 'predictOnBatch'),
  evaluate: (model, call) => infer(model, call, 'evaluate'),
  evaluateDataset: (model, call) => {
    interpreterRecord(call.interpreter, model.model, 'evaluateDataset', [], call.at);
    return new PromiseValue(loss(model, call.interpreter, call.at));
  },
  execute: (model, call) => infer(model, call, 'execute'),
  apply: (model, call) => callModel(model, call, 'apply'),
  call: (model, call) => callModel(model, call, 'call'),
  save: ({ fact }, { interpreter, at }) =>
    new PromiseValue(interpreter.unknown('runtime-data', at, `what saving ${fact.name} gives`)),
};

// ---------------------------------------------------------------- inference

function interpreterRecord(
  interpreter: Interpreter,
  model: ModelFact,
  api: InferFact['api'],
  inputs: readonly TensorFact[],
  at: Place,
): void {
  interpreter.record({ kind: 'infer', at, api, model, inputs });
}

/** The loss, and behind it the metrics that `compile` was given. */
function loss({ compiled, model }: ModelObject, interpreter: Interpreter, at: Place): Value {
  const scalar = (): Value => makeTensor(interpreter, at, [], { dtype: 'float32' });
  const metrics = compiled?.properties.get('metrics')?.value;
  const count =
    metrics === undefined || metrics === null
      ? 0
      : typeof metrics === 'string'
        ? 1
        : metrics instanceof ArrayValue && metrics.rest === undefined
          ? metrics.elements.length
          : undefined;
  if (compiled === undefined || compiled.open !== undefined || count === undefined || model.outputs.length !== 1)
    return interpreter.unknown('unsupported', at, 'how many losses and metrics there are is not known');
  return count === 0 ? scalar() : new ArrayValue(Array.from({ length: count + 1 }, scalar));
}

function infer(model: ModelObject, { interpreter, args, at }: Call, api: InferFact['api']): Value {
  const [x, y] = args;
  const inputs = tensorsIn(x);
  interpreterRecord(interpreter, model.model, api, inputs?.map((t) => t.fact) ?? [], at);
  refusePlainData(interpreter, model, api, api === 'evaluate' ? { x, y } : { x }, at);
  if (api === 'evaluate') {
    checkSamples(interpreter, model, api, { x: inputs, y: tensorsIn(y) }, at);
    return loss(model, interpreter, at);
  }
  const fit = checkSamples(interpreter, model, api, { x: inputs, y: undefined }, at);
  return run(
    model,
    interpreter,
    inputs,
    x,
    'infer',
    undefined,
    api === 'predictOnBatch' ? 'predictOnBatch' : 'predict',
    at,
    fit,
  );
}

/** `model.apply(x, { training: true })`: on symbolic tensors the model is a layer like any other. `call` gives a list. */
function callModel(model: ModelObject, { interpreter, args: [x, kwargs], at }: Call, api: 'apply' | 'call'): Value {
  const inputs = tensorsIn(x);
  if (inputs?.every((t) => t.fact.symbolic) ?? !meansData(interpreter, kwargs))
    return model.apply(interpreter, x, kwargs, at);
  const flag = kwargs instanceof ObjectValue ? kwargs.properties.get('training') : undefined;
  const option: OptionFact | undefined =
    flag === undefined ? undefined : { value: optionValue(flag.value), at: flag.at };
  return run(model, interpreter, inputs, x, modeOf(false, kwargs), option, api, at);
}

function run(
  model: ModelObject,
  interpreter: Interpreter,
  inputs: readonly TensorObject[] | undefined,
  x: Value,
  mode: ReturnType<typeof modeOf>,
  trainingFlag: OptionFact | undefined,
  api: ModelCallFact['api'],
  at: Place,
  fit = true,
): Value {
  const reason = inputs?.find((t) => t.reason !== undefined)?.reason ?? interpreter.because(x)?.reason;
  const shapes =
    inputs === undefined || !fit
      ? model.model.outputs.map((o) => unknownBatch(o.shape))
      : inMode(interpreter, mode, () => outputsOn(model, interpreter, inputs, api, at));
  if (shapes.length === 0)
    return new UnknownValue(
      reason ?? interpreter.reason('unsupported', at, `the outputs of ${model.model.name} are not known`),
      undefined,
      symbol,
    );
  const named = batchOf(x, inputs);
  const lost = reason ?? interpreter.reason('runtime-data', at, 'the size of the batch is known only at run time');
  const outputs = shapes.map((s, i) =>
    makeTensor(
      interpreter,
      at,
      named !== undefined && s?.[0]?.dim === '?' && model.model.outputs[i]?.shape?.[0]?.dim === null
        ? [axis(named, s[0].role), ...s.slice(1)]
        : s,
      { dtype: 'float32' },
      s?.every((a) => typeof a.dim === 'number') === true ? undefined : lost,
    ),
  );
  const facts = outputs.map((o) => o.fact);
  interpreter.record({
    kind: 'modelCall',
    at,
    api,
    model: model.model,
    inputs: inputs?.map((t) => t.fact) ?? [],
    outputs: facts,
    mode,
    trainingFlag,
  });
  const producer = interpreter.record<LayerCallFact>({
    kind: 'layerCall',
    at,
    layer: model.fact,
    inputs: inputs?.map((t) => t.fact) ?? [],
    outputs: facts,
    mode,
    symbolic: false,
  });
  for (const fact of facts) fact.producer = producer;
  return outputs.length === 1 && api !== 'call' ? outputs[0] : new ArrayValue(outputs);
}

/** The model's outputs on real data; a refusal is recorded and gives an unknown output. */
function outputsOn(
  model: ModelObject,
  interpreter: Interpreter,
  inputs: readonly TensorObject[],
  api: string,
  at: Place,
): readonly Shape[] {
  try {
    return forward(
      interpreter,
      model.model,
      inputs.map((t) => t.fact.shape),
      false,
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    interpreter.record({
      kind: 'refusal',
      at,
      refusal: error.refusal,
      api: `model.${api}`,
      layer: error.layer,
      inputs: inputs.map((t) => t.fact),
    });
    return [null];
  }
}

/** The data have some number of samples, though it is not known. */
/** The samples of inputs of which no number is known, by name: `xs.shape[0]`. */
function batchOf(x: Value, inputs: readonly TensorObject[] | undefined): Poly | undefined {
  if (isUnknown(x)) return x.member('shape').member('0').symbol;
  const [first] = inputs ?? [];
  const lost = first !== undefined && (first.fact.shape === null || first.fact.shape[0]?.dim === '?');
  return lost && first.fact.name !== undefined ? symbol(`${first.fact.name}.shape[0]`) : undefined;
}

function unknownBatch(shape: Shape): Shape {
  return shape?.map((a, i) => (i === 0 && a.dim === null ? axis('?', a.role) : a)) ?? null;
}

// ---------------------------------------------------------------- training

const DEFAULT_BATCH = 32;

function train(model: ModelObject, call: Call, api: 'fit' | 'trainOnBatch'): Value {
  const {
    interpreter,
    args: [x, y, config],
    at,
  } = call;
  const inputs = tensorsIn(x);
  refusePlainData(interpreter, model, api, { x, y }, at);
  checkSamples(interpreter, model, api, { x: inputs, y: tensorsIn(y) }, at);
  refuseInTraining(interpreter, model);
  const samples: Dim = inputs?.[0]?.fact.shape?.[0]?.dim ?? '?';
  const known = samples === null ? '?' : samples;
  if (api === 'trainOnBatch') {
    record(
      interpreter,
      model,
      api,
      inputs,
      { batchSize: known, at: undefined, isDefault: false, samples: known, split: undefined, epochs: 1, drop: false },
      at,
    );
    return new PromiseValue(interpreter.unknown('runtime-data', at, 'the loss of a batch'));
  }
  const options = optionsOfFit(config, interpreter);
  record(interpreter, model, api, inputs, { ...options, samples: known, drop: false }, at);
  visitCallbacks(interpreter, config, at);
  return new PromiseValue(interpreter.unknown('runtime-data', at, 'the history of a training'));
}

interface FitOptions {
  readonly batchSize: Dim;
  readonly at: Place | undefined;
  readonly isDefault: boolean;
  readonly split: number | undefined;
  readonly epochs: Dim;
}

function optionsOfFit(config: Value, _interpreter: Interpreter): FitOptions {
  if (config === undefined) return { batchSize: DEFAULT_BATCH, at: undefined, isDefault: true, split: 0, epochs: 1 };
  if (!(config instanceof ObjectValue))
    return { batchSize: '?', at: undefined, isDefault: false, split: undefined, epochs: '?' };
  const open = config.open !== undefined;
  const size = config.properties.get('batchSize');
  const split = config.properties.get('validationSplit');
  const absent = size?.value === undefined || size.value === null;
  return {
    batchSize: absent ? (open ? '?' : DEFAULT_BATCH) : (asNumber(size.value) ?? '?'),
    at: size?.at,
    isDefault: absent && !open,
    split:
      split?.value === undefined ? (open ? undefined : 0) : typeof split.value === 'number' ? split.value : undefined,
    epochs: sizeOption(config, 'epochs', 1),
  };
}

function sizeOption(config: ObjectValue, key: string, fallback: Dim): Dim {
  const value = config.properties.get(key)?.value;
  if (value === undefined) return config.open === undefined ? fallback : '?';
  return asNumber(value) ?? '?';
}

function record(
  interpreter: Interpreter,
  model: ModelObject,
  api: 'fit' | 'fitDataset' | 'trainOnBatch',
  inputs: readonly TensorObject[] | undefined,
  options: FitOptions & { readonly samples: Dim; readonly drop: boolean },
  at: Place,
): void {
  const { samples, split, epochs, drop } = options;
  // A size that is known by name only is no number to reckon with; where the user says one, it is that.
  const batchSize =
    typeof options.batchSize === 'number'
      ? options.batchSize
      : (interpreter.assumptions.batchSize ?? options.batchSize);
  inMode(interpreter, 'train', () => executeCustomLayers(interpreter, model.model, batchSize));
  const trainSamples = split === undefined ? '?' : split === 0 ? samples : floor(mul(samples, 1 - split));
  const residual = api === 'trainOnBatch' || drop ? 0 : mod(trainSamples, batchSize);
  const steps =
    api === 'trainOnBatch'
      ? 1
      : mul(epochs, drop ? floor(div(trainSamples, batchSize)) : ceilDiv(trainSamples, batchSize));
  interpreter.record({
    kind: 'train',
    at,
    api,
    model: model.model,
    inputs: inputs?.map((t) => t.fact) ?? [],
    batchSize,
    batchSizeAt: options.at,
    batchSizeIsDefault: options.isDefault,
    samples,
    validationSplit: split,
    trainSamples,
    residual,
    epochs,
    steps,
  });
}

function trainOnDataset(model: ModelObject, { interpreter, args: [dataset, config], at }: Call): Value {
  refuseInTraining(interpreter, model);
  const data = dataset instanceof DatasetObject ? dataset : undefined;
  const settings = config instanceof ObjectValue ? config : new ObjectValue();
  const batch = data?.batch;
  const perEpoch = settings.properties.get('batchesPerEpoch')?.value;
  const samples = data === undefined ? '?' : perEpoch === undefined ? data.samples : '?';
  const inputs = data === undefined ? undefined : tensorsIn(interpreter.get(data.element, 'xs', at));
  // A dataset is not checked against the model: what does not fit fails in the layer that meets it.
  if (inputs !== undefined) inMode(interpreter, 'train', () => outputsOn(model, interpreter, inputs, 'fitDataset', at));
  record(
    interpreter,
    model,
    'fitDataset',
    inputs,
    {
      batchSize: batch?.size ?? '?',
      at: batch?.at,
      isDefault: false,
      samples,
      split: 0,
      epochs: sizeOption(settings, 'epochs', 1),
      drop: batch?.drop ?? false,
    },
    at,
  );
  visitCallbacks(interpreter, config, at);
  return new PromiseValue(interpreter.unknown('runtime-data', at, 'the history of a training'));
}

/** `callbacks: { onEpochEnd() {…} }` are called while the model trains. */
function visitCallbacks(interpreter: Interpreter, config: Value, at: Place): void {
  if (!(config instanceof ObjectValue)) return;
  const callbacks = config.properties.get('callbacks')?.value;
  if (callbacks instanceof ObjectValue)
    interpreter.visitCallbacks(
      [...callbacks.properties.values()].map((p) => p.value),
      at,
    );
}

/** Layers whose training fails though they build: refused at the layer, once. */
function refuseInTraining(interpreter: Interpreter, model: ModelObject): void {
  const { layers } = stateOf(interpreter);
  const visit = (fact: ModelFact): void => {
    for (const call of fact.calls) {
      const layer = layers.get(call.layer);
      const shapes = call.inputs.map((t) => t.shape);
      try {
        layer?.like.run?.(shapes);
        layer?.like.train?.(shapes);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const { at } = call.layer;
        interpreter.record({
          kind: 'refusal',
          at,
          refusal: error.refusal,
          api: call.layer.type,
          layer: call.layer,
          inputs: call.inputs,
        });
      }
    }
  };
  visit(model.model);
}

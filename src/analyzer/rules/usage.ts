/** How layers and models are used over a trace: which models hold them, what trains, what only predicts. */
import type { Dim } from '../shapes/dim';
import type {
  CompileFact,
  InferFact,
  LayerCallFact,
  LayerFact,
  ModelCallFact,
  ModelFact,
  TensorFact,
  TrainFact,
} from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isFlaggedAtInference } from './inferenceFlags';

/** One way in which a model is trained, with the batch that its layers meet. */
export interface Training {
  readonly fact: TrainFact | ModelCallFact;
  /** Samples in a full batch. */
  readonly batch: Dim;
  /** The size of the last batch, 0 where it is full; '?' where unknown. */
  readonly residual: Dim;
}

export type Reach = 'trains' | 'predicts' | 'unknown';

const caches = new WeakMap<Trace, Usage>();

/** Look-ups over one trace, built once. */
export class Usage {
  readonly #holders = new Map<LayerFact, Set<ModelFact>>();
  readonly #asLayer = new Map<ModelFact, LayerFact[]>();
  readonly #trains = new Map<ModelFact, (TrainFact | ModelCallFact)[]>();
  readonly #infers = new Map<ModelFact, (InferFact | ModelCallFact)[]>();
  readonly #compiles = new Map<ModelFact, CompileFact[]>();
  readonly #eager = new Map<LayerFact, LayerCallFact[]>();
  readonly #within = new Map<ModelFact, readonly LayerCallFact[]>();
  readonly #layers = new Map<ModelFact, readonly LayerFact[]>();
  readonly #outputs = new Set<TensorFact>();
  readonly models: readonly ModelFact[];
  readonly #trace: Trace;

  static of(trace: Trace): Usage {
    let usage = caches.get(trace);
    if (usage === undefined) {
      usage = new Usage(trace);
      caches.set(trace, usage);
    }
    return usage;
  }

  private constructor(trace: Trace) {
    this.#trace = trace;
    const models = new Set(trace.of('modelBuilt').map((fact) => fact.model));
    for (const fact of trace.of('train')) push(this.#trains, fact.model, fact);
    for (const fact of trace.of('infer')) push(this.#infers, fact.model, fact);
    for (const fact of trace.of('compile')) push(this.#compiles, fact.model, fact);
    for (const fact of trace.of('modelCall')) {
      if (fact.mode === 'train' || fact.mode === 'both') push(this.#trains, fact.model, fact);
      if (fact.mode === 'infer' || fact.mode === 'both') push(this.#infers, fact.model, fact);
      models.add(fact.model);
    }
    for (const fact of [...trace.of('train'), ...trace.of('infer'), ...trace.of('compile')]) models.add(fact.model);
    for (const fact of trace.of('layerCall')) if (!fact.symbolic) push(this.#eager, fact.layer, fact);
    for (const model of models) {
      for (const layer of this.layersWithin(model)) {
        const set = this.#holders.get(layer) ?? new Set();
        this.#holders.set(layer, set.add(model));
      }
      for (const layer of model.layers) if (layer.model !== undefined) push(this.#asLayer, layer.model, layer);
      for (const output of model.outputs) this.#outputs.add(output);
    }
    this.models = [...models];
  }

  /** The models that hold the layer, at any depth. */
  holders(layer: LayerFact): readonly ModelFact[] {
    return [...(this.#holders.get(layer) ?? [])];
  }

  /** The model and all models that hold it. */
  enclosing(model: ModelFact): readonly ModelFact[] {
    const outer = (this.#asLayer.get(model) ?? []).flatMap((layer) => this.holders(layer));
    return [...new Set([model, ...outer])];
  }

  /** What trains the model, itself or as a part of another. */
  trainings(model: ModelFact): readonly Training[] {
    return this.enclosing(model).flatMap((m) => (this.#trains.get(m) ?? []).map(trainingOf));
  }

  /** What trains the model as it is, not as a part of another, and not with a flag that is given outside training. */
  ownTrainings(model: ModelFact): readonly Training[] {
    return (this.#trains.get(model) ?? [])
      .filter((fact) => fact.kind === 'train' || !isFlaggedAtInference(this.#trace, fact))
      .map(trainingOf);
  }

  compiles(model: ModelFact): readonly CompileFact[] {
    return this.#compiles.get(model) ?? [];
  }

  inferences(model: ModelFact): readonly (InferFact | ModelCallFact)[] {
    return this.enclosing(model).flatMap((m) => this.#infers.get(m) ?? []);
  }

  /** The eager calls of the layer: real tensors met it outside any model. */
  eager(layer: LayerFact): readonly LayerCallFact[] {
    return this.#eager.get(layer) ?? [];
  }

  /** Every layer call inside the model, those of nested models too. */
  callsWithin(model: ModelFact): readonly LayerCallFact[] {
    let calls = this.#within.get(model);
    if (calls === undefined) {
      this.#within.set(model, []);
      calls = model.calls.flatMap((call) =>
        call.layer.model === undefined ? [call] : [call, ...this.callsWithin(call.layer.model)],
      );
      this.#within.set(model, calls);
    }
    return calls;
  }

  /** The layers of the model and of those inside it. */
  layersWithin(model: ModelFact): readonly LayerFact[] {
    let layers = this.#layers.get(model);
    if (layers === undefined) {
      layers = this.#trace.layersWithin(model);
      this.#layers.set(model, layers);
    }
    return layers;
  }

  isOutput(tensor: TensorFact): boolean {
    return this.#outputs.has(tensor);
  }

  /** Whether the layer is known to run in training, only to predict, or neither is in view. */
  reach(layer: LayerFact): Reach {
    const eager = this.eager(layer);
    const holders = this.holders(layer);
    if (holders.some((m) => this.#trains.has(m))) return 'trains';
    if (eager.some((call) => call.mode === 'train' || call.mode === 'both' || call.gradient !== undefined))
      return 'trains';
    if (holders.some((m) => this.#infers.get(m)?.some((fact) => fact.gradient !== undefined))) return 'trains';
    const infers = holders.some((m) => this.#infers.has(m)) || eager.some((call) => call.mode === 'infer');
    return infers && !holders.some((m) => this.#compiles.has(m)) ? 'predicts' : 'unknown';
  }
}

function trainingOf(fact: TrainFact | ModelCallFact): Training {
  if (fact.kind === 'train') {
    // Fewer samples than a batch: the only batch holds them all.
    const { batchSize, trainSamples } = fact;
    if (
      typeof batchSize === 'number' &&
      typeof trainSamples === 'number' &&
      trainSamples > 0 &&
      trainSamples < batchSize
    )
      return { fact, batch: trainSamples, residual: 0 };
    return { fact, batch: batchSize, residual: fact.residual };
  }
  const batch = fact.inputs[0]?.shape?.[0]?.dim ?? '?';
  return { fact, batch: batch ?? '?', residual: 0 };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Whether what `compile` says of the model comes to bear: it is fitted, or no code in view fits any model. */
export function mayTrain(trace: Trace, { model }: CompileFact): boolean {
  const trained = trace.of('train');
  return trained.length === 0 || trained.some((fact) => fact.model === model);
}

import type { Fact, LayerCallFact, LayerFact, ModelFact, OpFact, Place, TensorFact } from './facts';

/** All that one run of the interpreter saw, with the look-ups that rules share. */
export class Trace {
  readonly facts: readonly Fact[];
  readonly #texts: ReadonlyMap<string, string>;
  readonly #consumers = new Map<TensorFact, (LayerCallFact | OpFact)[]>();
  readonly #byKind = new Map<string, Fact[]>();

  /** `texts`: the source of every file that a place can name. */
  constructor(facts: readonly Fact[], texts: ReadonlyMap<string, string>) {
    this.facts = facts;
    this.#texts = texts;
    for (const fact of facts) {
      getOrAdd(this.#byKind, fact.kind).push(fact);
      if (fact.kind === 'layerCall') for (const input of fact.inputs) getOrAdd(this.#consumers, input).push(fact);
      if (fact.kind === 'op') for (const input of operandsOf(fact)) getOrAdd(this.#consumers, input).push(fact);
    }
  }

  /** The facts of one kind, in order. */
  of<K extends Fact['kind']>(kind: K): readonly Extract<Fact, { kind: K }>[] {
    return (this.#byKind.get(kind) ?? []) as Extract<Fact, { kind: K }>[];
  }

  /** The calls that take the tensor, in order. */
  consumersOf(tensor: TensorFact): readonly (LayerCallFact | OpFact)[] {
    return this.#consumers.get(tensor) ?? [];
  }

  /** The source text of a place. */
  text(at: Place): string {
    return this.#texts.get(at.file)?.slice(at.start, at.end) ?? '';
  }

  /** The whole text of a file. */
  source(file: string): string {
    return this.#texts.get(file) ?? '';
  }

  /** The layers of a model and of the models and wrappers inside it. */
  layersWithin(model: ModelFact): readonly LayerFact[] {
    return model.layers.flatMap((layer) => this.#withInner(layer));
  }

  /** The models that hold the layer, at any depth. */
  modelsWith(layer: LayerFact): readonly ModelFact[] {
    return this.of('modelBuilt')
      .map((fact) => fact.model)
      .filter((model, i, all) => all.indexOf(model) === i && this.layersWithin(model).includes(layer));
  }

  #withInner(layer: LayerFact): readonly LayerFact[] {
    const inner =
      layer.model === undefined ? layer.inner.flatMap((l) => this.#withInner(l)) : this.layersWithin(layer.model);
    return [layer, ...inner];
  }
}

/** Each tensor once, though it may be two of the operands. */
function operandsOf({ operands }: OpFact): Iterable<TensorFact> {
  return operands.size < 2 ? operands.values() : new Set(operands.values());
}

function getOrAdd<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}

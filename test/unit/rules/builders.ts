/** Small traces by hand, for what stands on a single fact. */
import type { Dim } from '../../../src/analyzer/shapes/dim';
import { type Axis, shape } from '../../../src/analyzer/shapes/shape';
import type {
  ActivationFact,
  Fact,
  LayerCallFact,
  LayerFact,
  ModelFact,
  OpFact,
  OptionFact,
  OptionValue,
  Place,
  TensorFact,
} from '../../../src/analyzer/trace/facts';
import { Trace } from '../../../src/analyzer/trace/trace';

const FILE = '/work/built.ts';

/** Builds facts over one source text; places are found by their words. */
export class Builder {
  readonly source: string;
  readonly facts: Fact[] = [];
  activation: ActivationFact | undefined;
  #ids = 0;

  constructor(source = '') {
    this.source = source;
  }

  get trace(): Trace {
    return new Trace(this.facts, new Map([[FILE, this.source]]));
  }

  at(words = ''): Place {
    const start = this.source.indexOf(words);
    if (start < 0) throw new Error(`no ${words} in the source`);
    return { file: FILE, start, end: start + words.length };
  }

  tensor(dims: readonly Dim[] | readonly Axis[] | null, more: Partial<TensorFact> = {}): TensorFact {
    this.#ids += 1;
    const axes = dims === null ? null : dims.every(isAxis) ? dims : shape(dims as readonly Dim[]);
    const { at = this.at() } = more;
    return {
      id: this.#ids,
      shape: axes,
      dtype: 'float32',
      symbolic: false,
      producer: undefined,
      scalar: undefined,
      variable: undefined,
      name: undefined,
      ...more,
      at,
    };
  }

  op(
    name: string,
    operands: Readonly<Record<string, TensorFact>>,
    outputs: readonly TensorFact[],
    args: Readonly<Record<string, OptionValue>> = {},
    words = '',
  ): OpFact {
    const all = new Map<string, OptionFact>();
    for (const param of Object.keys(operands))
      all.set(param, { value: { kind: 'object', type: 'tensor' }, at: undefined });
    for (const [param, value] of Object.entries(args)) all.set(param, { value, at: undefined });
    const fact: OpFact = {
      ...this.base(words),
      kind: 'op',
      name,
      method: false,
      operands: new Map(Object.entries(operands)),
      args: all,
      outputs,
      reason: undefined,
    };
    for (const output of outputs) output.producer = fact;
    this.facts.push(fact);
    return fact;
  }

  layer(type: string, options: Readonly<Record<string, OptionValue>> = {}, words = ''): LayerFact {
    this.#ids += 1;
    const entries = Object.entries(options).map(([key, value]) => [key, { value, at: undefined }] as const);
    const layer: LayerFact = {
      id: this.#ids,
      type,
      className: type,
      name: type,
      at: this.at(words),
      optionsAt: undefined,
      options: new Map(entries),
      optionsOpen: false,
      positional: [],
      weights: undefined,
      trainable: true,
      wrapper: undefined,
      inner: [],
      model: undefined,
      madeIn: undefined,
    };
    this.facts.push({ ...this.base(words), kind: 'layerMade', layer });
    return layer;
  }

  call(layer: LayerFact, input: TensorFact, output: TensorFact): LayerCallFact {
    const fact: LayerCallFact = {
      ...this.base(),
      kind: 'layerCall',
      layer,
      inputs: [input],
      outputs: [output],
      mode: 'unknown',
      symbolic: true,
    };
    output.producer = fact;
    this.facts.push(fact);
    return fact;
  }

  model(name: string, layers: readonly LayerFact[]): ModelFact {
    this.#ids += 1;
    const model: ModelFact = {
      id: this.#ids,
      name,
      kind: 'sequential',
      at: this.at(),
      layers,
      exact: true,
      inputs: [],
      outputs: [],
      calls: [],
      trainable: true,
    };
    this.facts.push({ ...this.base(), kind: 'modelBuilt', model });
    return model;
  }

  base(words = '') {
    return {
      at: this.at(words),
      certain: true,
      gradient: undefined,
      activation: this.activation,
      looped: false,
    } as const;
  }
}

function isAxis(value: unknown): value is Axis {
  return typeof value === 'object' && value !== null && 'id' in value;
}

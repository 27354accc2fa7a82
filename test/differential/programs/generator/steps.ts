/** One layer of a model to be written: what it is and what comes out of it (sizes without the batch). */
export interface Step {
  readonly type: string;
  readonly options: Readonly<Record<string, Value>>;
  readonly out: readonly number[];
  /** The planted mistake: tfjs refuses this layer here. */
  readonly fault?: boolean;
  /** tfjs notices the mistake only when data arrive: reshape does not look at sizes beside an unknown batch. */
  readonly lazy?: boolean;
  /** tfjs leaves sizes open behind this layer, on which few others can be built: nothing follows. */
  readonly open?: boolean;
}

export type Value = number | string | boolean | null | readonly Value[] | Nested;

/** A layer as an option of another: `timeDistributed({ layer })`. */
export interface Nested {
  readonly layer: Step;
}

export function isNested(value: Value): value is Nested {
  return typeof value === 'object' && value !== null && 'layer' in value;
}

export type Dims = readonly number[];

export const size = (dims: Dims): number => dims.reduce((product, d) => product * d, 1);

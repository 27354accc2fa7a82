import type { Mutable } from '../../../interpreter/effects/journal';

/** `Conv2D` → `conv2d`, `LSTM` → `lstm`, `BatchNormalization` → `batch_normalization`, by tfjs's own two steps. */
export function toSnakeCase(name: string): string {
  const words = name
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return words.startsWith('_') ? `private${words}` : words;
}

/** In place of a count that is not the same on every path to here. */
const UNKNOWN = '?';

/** Whether all of a name is known that tfjs gives. */
export const isCertainName = (name: string): boolean => !name.endsWith(UNKNOWN);

/** The name of the `uid`-th layer of a class: `conv2d_Conv2D1`. */
export function layerName(className: string, uid: number | string): string {
  return `${toSnakeCase(className)}_${className}${uid}`;
}

/**
 * The counters from which tfjs names layers, inputs and models that were given no name. They run over the whole
 * program, one for each prefix, and a recurrent layer without a name also counts its cell. What paths count differently is NaN.
 */
export class Names implements Mutable {
  #uids: ReadonlyMap<string, number> = new Map();

  /** The same counts, counted on separately. */
  copy(): Names {
    const copy = new Names();
    copy.#uids = this.#uids;
    return copy;
  }

  snapshot(): ReadonlyMap<string, number> {
    return this.#uids;
  }

  restore(state: ReadonlyMap<string, number>): void {
    this.#uids = state;
  }

  merge(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const merged = new Map<string, number>();
    for (const prefix of [...a.keys(), ...b.keys()])
      merged.set(prefix, a.get(prefix) === b.get(prefix) ? (a.get(prefix) ?? 0) : Number.NaN);
    return merged;
  }

  #uid(prefix: string): number | string {
    const uid = (this.#uids.get(prefix) ?? 0) + 1;
    this.#uids = new Map(this.#uids).set(prefix, uid);
    return Number.isNaN(uid) ? UNKNOWN : uid;
  }

  /** A layer of this class, and its hidden cell before it. Only for layers without a `name` option. */
  layer(className: string): string {
    const cell = cellOf[className];
    if (cell !== undefined) this.#uid(cell);
    return layerName(className, this.#uid(className));
  }

  /** `tf.input` and `tf.layers.inputLayer`: `input1`. */
  input(): string {
    return `input${this.#uid('input')}`;
  }

  /** `tf.sequential`: `sequential_1`. */
  sequential(): string {
    return `sequential_${this.#uid('sequential_')}`;
  }

  /** `tf.model`: `model1`. */
  model(): string {
    return `model${this.#uid('model')}`;
  }
}

const cellOf: Readonly<Record<string, string>> = {
  SimpleRNN: 'SimpleRNNCell',
  GRU: 'GRUCell',
  LSTM: 'LSTMCell',
  ConvLSTM2D: 'ConvLSTM2DCell',
};

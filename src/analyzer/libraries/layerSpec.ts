import type { Shape } from '../shapes/shape';
import type { WeightFact } from '../trace/facts';
import type { Options } from './options';
import { Options as OptionsReader } from './options';
import type { LayerLike, LayerResult, PlainRecord } from './plain';

/** One layer of a library: a row of a table. Everything here holds of the real library and is tested against it. */
export interface LayerSpec {
  /** The factory: `conv2d` of `tf.layers.conv2d`. */
  readonly type: string;
  /** Other factories that make the same layer: `avgPool2d`. */
  readonly aliases?: readonly string[];
  /** The class, from which names are made: `Conv2D` gives `conv2d_Conv2D1`. */
  readonly className: string;
  /** The option keys that the layer reads, besides `commonLayerOptions`. */
  readonly options: readonly string[];
  /** What the constructor refuses. Throws `Refused` with `when: 'construct'`. */
  construct?(options: Options): void;
  /**
   * Output shapes; throws `Refused` for what build and a symbolic call refuse. Unknown ranks and dims give unknown
   * results, never errors. tfjs works out symbolic and real shapes by different code: where the two disagree,
   * `symbolic` says which is asked for.
   */
  call(options: Options, inputs: readonly Shape[], symbolic: boolean): Shape | LayerResult;
  /** What a symbolic call accepts and real tensors do not, in predict, fit or an eager call: `Refused` with `when: 'run'`. */
  run?(options: Options, inputs: readonly Shape[]): void;
  /** A later call of a layer that was built for `first`: refuses another channel count or rank, skips what build checks. */
  again?(options: Options, first: readonly Shape[], inputs: readonly Shape[], symbolic: boolean): Shape | LayerResult;
  /** Weights after build, in the order of tfjs's `layer.weights`. Absent: none. */
  weights?(options: Options, inputs: readonly Shape[]): readonly WeightFact[] | undefined;
  /** What fails only in training (`when: 'fit'`): thrown as `Refused` when the layer is known to train. */
  train?(options: Options, inputs: readonly Shape[]): void;
  /** Whether the layer behaves differently in training. */
  readonly trainingMode?: boolean;
  /** Takes a list of tensors (merge layers). */
  readonly many?: boolean;
  /** The factory throws a TypeError when it is called without an options object: `maxPooling2d()`. */
  readonly needsOptions?: boolean;
}

/** Keys that every layer of tfjs accepts. */
export const commonLayerOptions: readonly string[] = [
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'name',
  'trainable',
  'weights',
  'inputDType',
];

/** A row with its options, ready to meet inputs. */
export function layerOf(spec: LayerSpec, record: PlainRecord): LayerLike {
  const options = new OptionsReader(record);
  const finish = (result: Shape | LayerResult, inputs: readonly Shape[], symbolic: boolean): LayerResult => {
    if (!symbolic) spec.run?.(options, inputs);
    return isResult(result) ? result : { outputs: [result] };
  };
  return {
    type: spec.type,
    className: spec.className,
    options: record,
    call: (inputs, symbolic = true) => finish(spec.call(options, inputs, symbolic), inputs, symbolic),
    again: (first, inputs, symbolic = true) =>
      finish((spec.again ?? ((o, _, i, s) => spec.call(o, i, s)))(options, first, inputs, symbolic), inputs, symbolic),
    run: (inputs) => spec.run?.(options, inputs),
    train: (inputs) => spec.train?.(options, inputs),
    weights: (inputs) => (spec.weights === undefined ? [] : spec.weights(options, inputs)),
  };
}

function isResult(result: Shape | LayerResult): result is LayerResult {
  return result !== null && 'outputs' in result;
}

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
  /** Output shapes; throws `Refused` for what build and call refuse. Unknown ranks and dims give unknown results, never errors. */
  call(options: Options, inputs: readonly Shape[]): Shape | LayerResult;
  /** Weights after build, in the order of tfjs's `layer.weights`. Absent: none. */
  weights?(options: Options, inputs: readonly Shape[]): readonly WeightFact[] | undefined;
  /** What fails only in training (`when: 'fit'`): thrown as `Refused` when the layer is known to train. */
  train?(options: Options, inputs: readonly Shape[]): void;
  /** Whether the layer behaves differently in training. */
  readonly trainingMode?: boolean;
  /** Takes a list of tensors (merge layers). */
  readonly many?: boolean;
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
  return {
    type: spec.type,
    className: spec.className,
    options: record,
    call(inputs) {
      const result = spec.call(options, inputs);
      return isResult(result) ? result : { outputs: [result] };
    },
    weights: (inputs) => (spec.weights === undefined ? [] : spec.weights(options, inputs)),
  };
}

function isResult(result: Shape | LayerResult): result is LayerResult {
  return result !== null && 'outputs' in result;
}

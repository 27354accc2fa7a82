// TypeScript: enums, interfaces, generics, satisfies, as const, namespaces, overloads, parameter properties, abstract classes.
import * as tf from '@tensorflow/tfjs';

enum Size {
  Small = 4,
  Large = Small * 4,
}
const CONFIG = {
  inputShape: [12, 12, 3],
  blocks: [
    { filters: Size.Small, pool: true },
    { filters: Size.Large, pool: false },
  ],
} as const satisfies { inputShape: readonly number[]; blocks: readonly { filters: number; pool: boolean }[] };

interface Options<T extends string = 'relu'> {
  readonly units?: number;
  readonly activation?: T;
}
namespace Parts {
  export const rate = 0.25;
  export function dense({ units = 6, activation }: Options<'relu' | 'tanh'> = {}): tf.layers.Layer {
    return tf.layers.dense({ units, ...(activation && { activation }) });
  }
}
abstract class Net<I extends readonly number[]> {
  protected readonly layers: tf.layers.Layer[] = [];
  constructor(
    protected readonly shape: I,
    private readonly options: Options = {},
  ) {}
  protected abstract body(x: tf.SymbolicTensor): tf.SymbolicTensor;
  public build(): tf.LayersModel {
    const input = tf.input({ shape: [...this.shape] });
    const out = this.body(input);
    return tf.model({ inputs: input, outputs: Parts.dense(this.options).apply(out) as tf.SymbolicTensor });
  }
}
class Conv extends Net<typeof CONFIG.inputShape> {
  protected override body(x: tf.SymbolicTensor): tf.SymbolicTensor {
    let h = x;
    for (const { filters, pool } of CONFIG.blocks) {
      h = tf.layers.conv2d({ filters, kernelSize: 3 }).apply(h) as tf.SymbolicTensor;
      if (pool) h = <tf.SymbolicTensor>tf.layers.maxPooling2d({ poolSize: 2 }).apply(h);
    }
    return tf.layers.dropout({ rate: Parts.rate }).apply(tf.layers.flatten().apply(h)) as tf.SymbolicTensor;
  }
}
export const model = new Conv(CONFIG.inputShape, { units: Size.Large }).build();

function scale(x: number, by: number): number;
function scale(x: tf.Tensor, by: number): tf.Tensor;
function scale(x: number | tf.Tensor, by: number): number | tf.Tensor {
  return typeof x === 'number' ? x * by : x.mul(by);
}
const first = <T>(list: readonly T[]): T => list[0] as T;
export const scaled = scale(tf.ones([scale(2, 3) as number, first([5, 6])]), 2);
type Shape = [number, number];
const shape: Shape = [3, 4];
export const filled = tf.fill<tf.Rank.R2>(shape, 1).transpose() as tf.Tensor2D;

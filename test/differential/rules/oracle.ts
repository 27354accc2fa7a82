/** Shared set-up of the rules' differential suite: the real TensorFlow.js on its cpu backend, with numbers that repeat. */
import * as tf from '@tensorflow/tfjs';

export { tf };

export async function useCpu(): Promise<void> {
  await tf.setBackend('cpu');
  await tf.ready();
}

/** A repeatable generator (mulberry32) and normal numbers from it (Box–Muller). */
export function randomFrom(seed: number): { uniform(): number; normal(): number; normals(n: number): number[] } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal, normals: (n) => Array.from({ length: n }, normal) };
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
}

/** The biased variance. */
export function variance(values: ArrayLike<number>): number {
  const m = mean(values);
  return mean(Array.from(values, (v) => (v - m) ** 2));
}

/** The words with which the call fails; undefined where it does not. */
export async function failure(run: () => unknown): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A batch norm, built for the shape, with its four weights by name. */
export function batchNorm(shape: number[], config: Parameters<typeof tf.layers.batchNormalization>[0] = {}) {
  const layer = tf.layers.batchNormalization(config);
  layer.build([null, ...shape.slice(1)] as never);
  const weight = (name: string): Float32Array => {
    const found = layer.weights.find((w) => w.originalName.endsWith(name));
    if (found === undefined) throw new Error(`no weight ${name} among ${layer.weights.map((w) => w.originalName)}`);
    return found.read().dataSync() as Float32Array;
  };
  const train = (x: tf.Tensor): tf.Tensor => layer.apply(x, { training: true }) as tf.Tensor;
  return { layer, weight, train };
}

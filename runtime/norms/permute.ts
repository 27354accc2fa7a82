import type { Engine } from '../engine';
import { sizeOf } from '../tensor';

/**
 * Copies a tensor with its axes in another order, inside the arena. With `back`, from the permuted order to the original
 * one, into `back`. Returns where the copy is.
 */
export function permuted(
  engine: Engine,
  from: number,
  shape: readonly number[],
  order: readonly number[],
  back = 0,
): number {
  const to = back || engine.allocate(4 * sizeOf(shape));
  const { f32 } = engine;
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const dims = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const rank = dims.length;
  const index = new Array<number>(rank).fill(0);
  const [inner, step] = [dims[rank - 1] ?? 1, steps[rank - 1] ?? 1];
  const size = sizeOf(shape);
  let plain = 0;
  for (let at = 0; at < size; at += inner) {
    const [a, b] = [(from >>> 2) + (back ? at : plain), (to >>> 2) + (back ? plain : at)];
    const [stepA, stepB] = back ? [1, step] : [step, 1];
    for (let i = 0; i < inner; i++) f32[b + i * stepB] = f32[a + i * stepA] as number;
    for (let d = rank - 2; d >= 0; d--) {
      plain += steps[d] ?? 0;
      index[d] = (index[d] ?? 0) + 1;
      if ((index[d] ?? 0) < (dims[d] ?? 1)) break;
      plain -= (steps[d] ?? 0) * (dims[d] ?? 1);
      index[d] = 0;
    }
  }
  return to;
}

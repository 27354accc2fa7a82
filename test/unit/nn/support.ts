import { readFileSync } from 'node:fs';
import { decodeDigits } from '../../../runtime/data/digits';
import { plainKernels } from '../../../runtime/nn/kernels';
import type { Environment, Layer } from '../../../runtime/nn/layers';
import { Random } from '../../../runtime/nn/random';
import { type Floats, type Shape, sizeOf, type Tensor } from '../../../runtime/nn/tensor';

export const float64: Environment = { precision: 'float64', kernels: plainKernels };

export const readDigits = () =>
  decodeDigits(new Uint8Array(readFileSync(new URL('../../../runtime/data/digits.bin', import.meta.url))));

export function normalTensor(shape: Shape, random: Random): Tensor & { data: Float64Array } {
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => random.normal()) };
}

const STEP = 1e-5;

/** d f / d values by central differences, each value put back exactly. */
export function centralDifferences(values: Floats, f: () => number): Float64Array {
  return Float64Array.from(values, (value, i) => {
    values[i] = value + STEP;
    const above = f();
    values[i] = value - STEP;
    const below = f();
    values[i] = value;
    return (above - below) / (2 * STEP);
  });
}

/** The largest difference, relative to the largest number in either (1 at least would hide small gradients). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let scale = Number.MIN_VALUE;
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (Number.isNaN(a) || Number.isNaN(e)) return Number.NaN;
    difference = Math.max(difference, Math.abs(a - e));
    scale = Math.max(scale, Math.abs(a), Math.abs(e));
  }
  return difference / scale;
}

/**
 * Compares a layer's backward pass with central differences of Σ y · r for a random r: one error for the input and one
 * for each parameter. `before` runs ahead of each forward pass (to put back what a layer remembers).
 */
export function gradientErrors(layer: Layer, x: Tensor, before: () => void = () => {}): Record<string, number> {
  const random = new Random(99);
  const weights = normalTensor([x.shape[0] ?? 1, ...layer.outputShape], random);
  const objective = (): number => {
    before();
    const y = layer.forward(x, 'train');
    return weights.data.reduce((sum, weight, i) => sum + weight * (y.data[i] as number), 0);
  };
  objective();
  const dx = layer.backward(weights)?.data.slice() ?? new Float64Array(0);
  const gradients = layer.parameters.map(({ gradient }) => gradient.slice());
  const errors: Record<string, number> = { input: relativeError(dx, centralDifferences(x.data, objective)) };
  layer.parameters.forEach(({ name, value }, k) => {
    errors[name] = relativeError(gradients[k] ?? [], centralDifferences(value, objective));
  });
  return errors;
}

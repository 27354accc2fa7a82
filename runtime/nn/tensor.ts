/** Tensors of the trainer: a shape and its numbers, channels last, the batch first. */

export type Floats = Float32Array | Float64Array;

/** float32 to train fast, float64 to check gradients: every layer works in both. */
export type Precision = 'float32' | 'float64';

export type Shape = readonly number[];

export interface Tensor {
  readonly shape: Shape;
  readonly data: Floats;
}

/** A tensor did not have the shape that a layer or loss takes. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';

  constructor(where: string, expected: string, actual: Shape) {
    super(`${where} takes ${expected}, got [${actual.join(', ')}].`);
  }
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function floats(precision: Precision, length: number): Floats {
  return precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

export function tensor(shape: Shape, data: Floats): Tensor {
  if (data.length !== sizeOf(shape)) throw new ShapeError('A tensor', `${data.length} numbers`, shape);
  return { shape, data };
}

/**
 * A buffer that is kept from step to step, so that training allocates nothing once batches repeat their size.
 * What it held before is still there: a layer writes all of it.
 */
export class Scratch {
  private kept: Floats;

  constructor(private readonly precision: Precision) {
    this.kept = floats(precision, 0);
  }

  take(shape: Shape): Tensor {
    const length = sizeOf(shape);
    if (this.kept.length < length) this.kept = floats(this.precision, length);
    return { shape, data: this.kept.length === length ? this.kept : this.kept.subarray(0, length) };
  }
}

import { format, NormError } from './errors';

/**
 * Float32 values in row-major order. Either an ordinary typed array, or a tensor of an arena (`engine.tensor`), which the
 * kernels read and write in place.
 */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/**
 * A tensor over `data`; a Float32Array is not copied.
 * @throws NormError where the shape and the number of values differ
 */
export function tensor(data: Float32Array | readonly number[], shape: readonly number[]): Tensor {
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  if (values.length !== sizeOf(shape)) {
    throw new NormError('size', 'tensor', `${sizeOf(shape)} values for shape ${format(shape)}`, `${values.length}`);
  }
  return { data: values, shape };
}

/** A tensor of one value everywhere. */
export function filled(shape: readonly number[], value = 0): Tensor {
  const data = new Float32Array(sizeOf(shape));
  if (value !== 0) data.fill(value);
  return { data, shape };
}

/** Whether two tensors have values in common. */
export function overlap({ data: a }: Tensor, { data: b }: Tensor): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

import type { Kernels } from '../kernels';
import { type Floats, floats, type Precision, type Shape, type Tensor } from '../tensor';

/** Whether statistics come from the batch and are remembered, or from memory (batch norm's two behaviours). */
export type Mode = 'train' | 'infer';

/** Numbers that an optimizer changes, and the gradient that the last backward pass left for them. */
export interface Parameter {
  readonly name: string;
  readonly value: Floats;
  readonly gradient: Floats;
}

/** Numbers that a layer remembers and no optimizer changes: running means and variances. */
export interface Buffer {
  readonly name: string;
  readonly value: Floats;
}

/** What a layer needs to know of the machine. */
export interface Environment {
  readonly precision: Precision;
  readonly kernels: Kernels;
}

/**
 * A layer keeps what its backward pass needs from its last forward pass in training mode. The tensors that it returns
 * are its own and are written again by its next call.
 */
export interface Layer {
  readonly name: string;
  readonly kind: 'dense' | 'conv2d' | 'norm' | 'relu' | 'pool' | 'flatten' | 'noise';
  /** Without the batch. */
  readonly outputShape: Shape;
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Buffer[];

  /** @param x [batch, ...input shape] */
  forward(x: Tensor, mode: Mode): Tensor;

  /**
   * Writes the parameters' gradients and returns the input's.
   *
   * @param dy [batch, ...output shape]
   * @param needInput false for the first layer, whose input gets no gradient; what is returned is then undefined.
   */
  backward(dy: Tensor, needInput?: boolean): Tensor | undefined;
}

export function parameter(name: string, precision: Precision, length: number): Parameter {
  return { name, value: floats(precision, length), gradient: floats(precision, length) };
}

/** A layer was asked for a backward pass that no forward pass in training mode prepared. */
export class OrderError extends Error {
  override readonly name = 'OrderError';

  constructor(layer: string) {
    super(`${layer}: backward needs a forward pass in training mode first.`);
  }
}

import { type Shape, sizeOf, type Tensor } from '../tensor';
import { type Layer, type Mode, OrderError } from './layer';

/** [batch, ...shape] → [batch, product of shape]: the same numbers under another shape. */
export class Flatten implements Layer {
  readonly kind = 'flatten';
  readonly outputShape: Shape;
  readonly parameters = [];
  readonly buffers = [];
  private inputShape: Shape | undefined;

  constructor(
    readonly name: string,
    shape: Shape,
  ) {
    this.outputShape = [sizeOf(shape)];
  }

  forward(x: Tensor, mode: Mode): Tensor {
    if (mode === 'train') this.inputShape = x.shape;
    const [batch = 0] = x.shape;
    return { shape: [batch, ...this.outputShape], data: x.data };
  }

  backward(dy: Tensor): Tensor {
    if (!this.inputShape) throw new OrderError(this.name);
    return { shape: this.inputShape, data: dy.data };
  }
}

import { Scratch, type Shape, type Tensor } from '../tensor';
import { type Environment, type Layer, type Mode, OrderError } from './layer';

/** y = max(0, x); the gradient at 0 is 0, as in TensorFlow. */
export class Relu implements Layer {
  readonly kind = 'relu';
  readonly parameters = [];
  readonly buffers = [];
  private readonly y: Scratch;
  private readonly dx: Scratch;
  private output: Tensor | undefined;

  constructor(
    readonly name: string,
    readonly outputShape: Shape,
    environment: Environment,
  ) {
    this.y = new Scratch(environment.precision);
    this.dx = new Scratch(environment.precision);
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const y = this.y.take(x.shape);
    // Math.max hands NaN on: a diverged run shall look diverged.
    for (let i = 0; i < x.data.length; i++) y.data[i] = Math.max(x.data[i] as number, 0);
    this.output = mode === 'train' ? y : undefined;
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { output } = this;
    if (!output) throw new OrderError(this.name);
    const dx = this.dx.take(dy.shape);
    for (let i = 0; i < dy.data.length; i++) {
      dx.data[i] = (output.data[i] as number) <= 0 ? 0 : (dy.data[i] as number);
    }
    return dx;
  }
}

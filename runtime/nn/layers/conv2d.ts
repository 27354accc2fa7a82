import type { Initializer } from '../initializers';
import type { ConvGeometry } from '../kernels';
import type { Random } from '../random';
import { Scratch, type Shape, ShapeError, type Tensor } from '../tensor';
import { addBias, sumRows } from './bias';
import { Kernel } from './kernel';
import { type Buffer, type Environment, type Layer, type Mode, OrderError, type Parameter, parameter } from './layer';
import type { NormLayer } from './norm';

export interface Conv2dOptions {
  readonly name: string;
  /** [height, width, channels] */
  readonly inputShape: Shape;
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  /** As in Keras: 'same' gives ceil(size / strides), 'valid' reads no pixel outside the picture. */
  readonly padding: 'same' | 'valid';
  readonly useBias: boolean;
  readonly initializer: Initializer;
  /** A norm of the weights. */
  readonly kernelNorm?: NormLayer | undefined;
}

/** Output size along one axis, and how many zeros precede it. TensorFlow puts an odd one at the end. */
function extent(
  size: number,
  kernel: number,
  stride: number,
  padding: 'same' | 'valid',
): { out: number; before: number } {
  if (padding === 'valid') return { out: Math.floor((size - kernel) / stride) + 1, before: 0 };
  const out = Math.ceil(size / stride);
  const zeros = Math.max(0, (out - 1) * stride + kernel - size);
  return { out, before: Math.floor(zeros / 2) };
}

/** y = x ∗ W + b over pictures [batch, height, width, channels], W [kernel, kernel, channels, filters]. */
export class Conv2d implements Layer {
  readonly kind = 'conv2d';
  readonly name: string;
  readonly outputShape: Shape;
  readonly kernel: Kernel;
  readonly bias: Parameter | undefined;
  private readonly geometry: Omit<ConvGeometry, 'batch'>;
  private readonly y: Scratch;
  private readonly dx: Scratch;
  private x: Tensor | undefined;

  constructor(
    options: Conv2dOptions,
    private readonly environment: Environment,
    random: Random,
  ) {
    const { name, inputShape, filters, kernelSize: kernel, strides: stride, padding } = options;
    const [height, width, channels] = inputShape;
    if (inputShape.length !== 3 || !height || !width || !channels) {
      throw new ShapeError(name, 'pictures [height, width, channels]', inputShape);
    }
    const vertical = extent(height, kernel, stride, padding);
    const horizontal = extent(width, kernel, stride, padding);
    this.name = name;
    this.outputShape = [vertical.out, horizontal.out, filters];
    this.geometry = {
      ...{ height, width, channels, kernel, stride, filters },
      ...{ padTop: vertical.before, padLeft: horizontal.before, outHeight: vertical.out, outWidth: horizontal.out },
    };
    const { precision } = environment;
    const area = kernel * kernel;
    const weights = parameter(`${name}/kernel`, precision, area * channels * filters);
    this.bias = options.useBias ? parameter(`${name}/bias`, precision, filters) : undefined;
    options.initializer(weights.value, { in: area * channels, out: area * filters }, random);
    this.kernel = new Kernel(weights, [kernel, kernel, channels, filters], options.kernelNorm);
    this.y = new Scratch(precision);
    this.dx = new Scratch(precision);
  }

  get parameters(): readonly Parameter[] {
    return this.bias ? [...this.kernel.parameters, this.bias] : this.kernel.parameters;
  }

  get buffers(): readonly Buffer[] {
    return this.kernel.norm?.buffers ?? [];
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const { height, width, channels } = this.geometry;
    const [batch = 0, ...picture] = x.shape;
    if (picture.length !== 3 || picture[0] !== height || picture[1] !== width || picture[2] !== channels) {
      throw new ShapeError(this.name, `[batch, ${height}, ${width}, ${channels}]`, x.shape);
    }
    if (mode === 'train') this.x = x;
    const y = this.y.take([batch, ...this.outputShape]);
    this.environment.kernels.convolve(y.data, x.data, this.kernel.forward(mode), { batch, ...this.geometry });
    if (this.bias) addBias(y.data, this.bias.value);
    return y;
  }

  backward(dy: Tensor, needInput = true): Tensor | undefined {
    const { x, kernel, bias } = this;
    if (!x) throw new OrderError(this.name);
    const geometry = { batch: dy.shape[0] ?? 0, ...this.geometry };
    const dx = needInput ? this.dx.take(x.shape) : undefined;
    this.environment.kernels.convolveBackward(
      dx?.data,
      kernel.trained.gradient,
      x.data,
      kernel.last,
      dy.data,
      geometry,
    );
    kernel.backward();
    if (bias) sumRows(bias.gradient, dy.data);
    return dx;
  }
}

import type { Initializer } from '../initializers';
import type { Random } from '../random';
import { Scratch, ShapeError, type Tensor } from '../tensor';
import { addBias, sumRows } from './bias';
import { Kernel } from './kernel';
import { type Buffer, type Environment, type Layer, type Mode, OrderError, type Parameter, parameter } from './layer';
import type { NormLayer } from './norm';

export interface DenseOptions {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  /** Left out before a norm that has a β of its own. */
  readonly useBias: boolean;
  readonly initializer: Initializer;
  /** A norm of the weights. */
  readonly kernelNorm?: NormLayer | undefined;
}

/** y = x · W + b, with x [batch, inputs], W [inputs, units] as Keras stores it, y [batch, units]. */
export class Dense implements Layer {
  readonly kind = 'dense';
  readonly name: string;
  readonly outputShape: readonly number[];
  readonly kernel: Kernel;
  readonly bias: Parameter | undefined;
  private readonly inputs: number;
  private readonly units: number;
  private readonly y: Scratch;
  private readonly dx: Scratch;
  private x: Tensor | undefined;

  constructor(
    options: DenseOptions,
    private readonly environment: Environment,
    random: Random,
  ) {
    const { precision } = environment;
    this.name = options.name;
    this.inputs = options.inputs;
    this.units = options.units;
    this.outputShape = [options.units];
    const weights = parameter(`${options.name}/kernel`, precision, options.inputs * options.units);
    this.bias = options.useBias ? parameter(`${options.name}/bias`, precision, options.units) : undefined;
    options.initializer(weights.value, { in: options.inputs, out: options.units }, random);
    this.kernel = new Kernel(weights, [options.inputs, options.units], options.kernelNorm);
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
    const [batch = 0, inputs] = x.shape;
    if (x.shape.length !== 2 || inputs !== this.inputs)
      throw new ShapeError(this.name, `[batch, ${this.inputs}]`, x.shape);
    if (mode === 'train') this.x = x;
    const y = this.y.take([batch, this.units]);
    const size = { rows: batch, inner: this.inputs, columns: this.units };
    this.environment.kernels.matmul(y.data, x.data, this.kernel.forward(mode), size);
    if (this.bias) addBias(y.data, this.bias.value);
    return y;
  }

  backward(dy: Tensor, needInput = true): Tensor | undefined {
    if (!this.x) throw new OrderError(this.name);
    const { inputs, units, x } = this;
    const { kernels } = this.environment;
    const batch = dy.shape[0] ?? 0;
    const gradient = { rows: inputs, inner: batch, columns: units, transposeA: true };
    kernels.matmul(this.kernel.trained.gradient, x.data, dy.data, gradient);
    if (this.bias) sumRows(this.bias.gradient, dy.data);
    this.kernel.backward();
    if (!needInput) return undefined;
    const dx = this.dx.take(x.shape);
    const back = { rows: batch, inner: units, columns: inputs, transposeB: true };
    kernels.matmul(dx.data, dy.data, this.kernel.last, back);
    return dx;
  }
}

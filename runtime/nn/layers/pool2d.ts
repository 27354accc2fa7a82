import { type Floats, Scratch, type Shape, ShapeError, type Tensor } from '../tensor';
import { type Environment, type Layer, type Mode, OrderError } from './layer';

export interface Pool2dOptions {
  readonly name: string;
  readonly type: 'max' | 'average';
  /** [height, width, channels] */
  readonly inputShape: Shape;
  /** Side of a window; windows stand side by side, and a rest at the right or lower edge is left out ('valid'). */
  readonly size: number;
}

/** The largest or the mean of each window of pixels, a channel at a time. */
export class Pool2d implements Layer {
  readonly kind = 'pool';
  readonly name: string;
  readonly outputShape: Shape;
  readonly parameters = [];
  readonly buffers = [];
  private readonly inputShape: Shape;
  private readonly type: 'max' | 'average';
  private readonly size: number;
  private readonly y: Scratch;
  private readonly dx: Scratch;
  /** For each output of a max pool, the index of the input that it came from. */
  private winners = new Int32Array(0);
  private trained = false;

  constructor(options: Pool2dOptions, environment: Environment) {
    const [height = 0, width = 0, channels = 0] = options.inputShape;
    const outputShape = [Math.floor(height / options.size), Math.floor(width / options.size), channels];
    if (options.inputShape.length !== 3 || outputShape.some((size) => size < 1)) {
      throw new ShapeError(options.name, `pictures of at least ${options.size} × ${options.size}`, options.inputShape);
    }
    this.name = options.name;
    this.type = options.type;
    this.size = options.size;
    this.inputShape = options.inputShape;
    this.outputShape = outputShape;
    this.y = new Scratch(environment.precision);
    this.dx = new Scratch(environment.precision);
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const [batch = 0] = x.shape;
    const y = this.y.take([batch, ...this.outputShape]);
    if (this.type === 'average') this.means(y.data, x.data);
    else this.maxima(y.data, x.data);
    this.trained = mode === 'train';
    return y;
  }

  backward(dy: Tensor): Tensor {
    if (!this.trained) throw new OrderError(this.name);
    const [batch = 0] = dy.shape;
    const dx = this.dx.take([batch, ...this.inputShape]);
    dx.data.fill(0);
    if (this.type === 'average') this.spread(dx.data, dy.data);
    else for (let i = 0; i < dy.data.length; i++) dx.data[this.winners[i] as number] = dy.data[i] as number;
    return dx;
  }

  /** Calls back with each output's index and with the index of the first pixel under its window. */
  private eachWindow(outputs: number, visit: (to: number, from: number) => void): void {
    const [height = 0, width = 0, channels = 0] = this.inputShape;
    const [outHeight = 0, outWidth = 0] = this.outputShape;
    let to = 0;
    for (let n = 0; to < outputs; n++) {
      for (let row = 0; row < outHeight; row++) {
        for (let column = 0; column < outWidth; column++) {
          const from = ((n * height + row * this.size) * width + column * this.size) * channels;
          for (let c = 0; c < channels; c++) visit(to++, from + c);
        }
      }
    }
  }

  private maxima(y: Floats, x: Floats): void {
    const [, width = 0, channels = 0] = this.inputShape;
    if (this.winners.length < y.length) this.winners = new Int32Array(y.length);
    const { winners, size } = this;
    this.eachWindow(y.length, (to, from) => {
      let winner = from;
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const at = from + (i * width + j) * channels;
          if ((x[at] as number) > (x[winner] as number)) winner = at;
        }
      }
      winners[to] = winner;
      y[to] = x[winner] as number;
    });
  }

  private means(y: Floats, x: Floats): void {
    const [, width = 0, channels = 0] = this.inputShape;
    const { size } = this;
    this.eachWindow(y.length, (to, from) => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) sum += x[from + (i * width + j) * channels] as number;
      }
      y[to] = sum / (size * size);
    });
  }

  private spread(dx: Floats, dy: Floats): void {
    const [, width = 0, channels = 0] = this.inputShape;
    const { size } = this;
    this.eachWindow(dy.length, (to, from) => {
      const share = (dy[to] as number) / (size * size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) dx[from + (i * width + j) * channels] = share;
      }
    });
  }
}

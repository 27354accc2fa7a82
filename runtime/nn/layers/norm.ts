import type { Norm, Saved, State } from '../../norms/norm';
import { type Tensor as Anywhere, type Shape, ShapeError, sizeOf } from '../tensor';
import { type Buffer, type Layer, type Mode, OrderError, type Parameter } from './layer';

/** One of the runtime's norms, as a layer: it keeps the parameters, their gradients and the running statistics. */
export interface NormLayerOptions {
  readonly name: string;
  /** Without the batch. */
  readonly shape: Shape;
  readonly batchSize: number;
  readonly norm: Norm;
  /** What to run in inference, where that differs: a ghost batch is cut only in training. It shares the state. */
  readonly inference?: Norm | undefined;
}

export class NormLayer implements Layer {
  readonly kind = 'norm';
  readonly name: string;
  readonly outputShape: Shape;
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Buffer[];
  private readonly norm: Norm;
  private readonly inference: Norm;
  private readonly given: ReturnType<Norm['parameters']>;
  private readonly state: State | null;
  private saved: Saved | undefined;

  constructor({ name, shape, batchSize, norm, inference }: NormLayerOptions) {
    this.name = name;
    this.outputShape = shape;
    this.norm = norm;
    this.inference = inference ?? norm;
    this.given = norm.parameters([batchSize, ...shape]);
    this.state = norm.state([batchSize, ...shape]);
    this.parameters = Object.entries(this.given).flatMap(([key, parameter]) =>
      parameter
        ? [{ name: `${name}/${key}`, value: parameter.data, gradient: new Float32Array(sizeOf(parameter.shape)) }]
        : [],
    );
    this.buffers = Object.entries(this.state ?? {}).map(([key, value]) => ({ name: `${name}/${key}`, value }));
  }

  forward(x: Anywhere, mode: Mode): Anywhere {
    const input = singlePrecision(x, this.name);
    const norm = mode === 'train' ? this.norm : this.inference;
    const { y, saved } = norm.forward(input, this.given, this.state, mode);
    this.saved = mode === 'train' ? saved : undefined;
    return y;
  }

  backward(dy: Anywhere): Anywhere {
    if (!this.saved) throw new OrderError(this.name);
    const gradients: Readonly<Record<string, { readonly data: Float32Array } | undefined>> = this.norm.backward(
      singlePrecision(dy, this.name),
      this.saved,
    );
    for (const { name, gradient } of this.parameters) {
      const key = name.slice(this.name.length + 1);
      gradient.set(gradients[`d${key}`]?.data ?? []);
    }
    const { dx } = gradients;
    return { shape: dy.shape, data: dx?.data ?? dy.data };
  }
}

/** The runtime's norms work in float32 alone. */
function singlePrecision({ shape, data }: Anywhere, name: string): { shape: Shape; data: Float32Array } {
  if (!(data instanceof Float32Array)) throw new ShapeError(name, 'float32 values', shape);
  return { shape, data };
}

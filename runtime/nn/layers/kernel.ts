import type { Floats, Shape } from '../tensor';
import type { Mode, Parameter } from './layer';
import type { NormLayer } from './norm';

/** A layer's weights, as they are trained and, behind a norm of the weights, as they are used. */
export class Kernel {
  private used: Floats;

  constructor(
    readonly trained: Parameter,
    private readonly shape: Shape,
    readonly norm: NormLayer | undefined,
  ) {
    this.used = trained.value;
  }

  get parameters(): readonly Parameter[] {
    return [this.trained, ...(this.norm?.parameters ?? [])];
  }

  /** What a forward pass multiplies by. */
  forward(mode: Mode): Floats {
    if (this.norm) this.used = this.norm.forward({ shape: this.shape, data: this.trained.value }, mode).data;
    return this.used;
  }

  /** What the last forward pass multiplied by. */
  get last(): Floats {
    return this.used;
  }

  /** Turns the gradient of the weights as used, which the layer left in `trained.gradient`, into that of the trained ones. */
  backward(): void {
    if (!this.norm) return;
    const { gradient } = this.trained;
    gradient.set(this.norm.backward({ shape: this.shape, data: gradient }).data);
  }
}

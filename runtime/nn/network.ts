import type { Buffer, Layer, Mode, Parameter } from './layers/layer';
import type { Tensor } from './tensor';

/** Layers one after the other. */
export class Network {
  constructor(readonly layers: readonly Layer[]) {}

  get parameters(): readonly Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters);
  }

  get buffers(): readonly Buffer[] {
    return this.layers.flatMap((layer) => layer.buffers);
  }

  /**
   * @param x [batch, ...input shape]
   * @param observe sees each layer's output before the next layer does
   */
  forward(x: Tensor, mode: Mode, observe?: (layer: Layer, output: Tensor) => void): Tensor {
    return this.layers.reduce((input, layer) => {
      const output = layer.forward(input, mode);
      observe?.(layer, output);
      return output;
    }, x);
  }

  /**
   * Leaves every parameter's gradient in it.
   *
   * @param dy the loss's gradient with respect to the last forward pass's output
   * @returns the input's gradient when asked for
   */
  backward(dy: Tensor, needInput = false): Tensor | undefined {
    let gradient: Tensor | undefined = dy;
    for (let i = this.layers.length - 1; i >= 0 && gradient; i--) {
      gradient = this.layers[i]?.backward(gradient, needInput || i > 0);
    }
    return gradient;
  }
}

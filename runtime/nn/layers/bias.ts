import type { Floats } from '../tensor';

/** Adds one number a channel to every row of y [rows, channels]. */
export function addBias(y: Floats, bias: Floats): void {
  const channels = bias.length;
  for (let i = 0; i < y.length; i += channels) {
    for (let c = 0; c < channels; c++) y[i + c] = (y[i + c] as number) + (bias[c] as number);
  }
}

/** The gradient of the bias: the sum of dy [rows, channels] over its rows. */
export function sumRows(gradient: Floats, dy: Floats): void {
  const channels = gradient.length;
  gradient.fill(0);
  for (let i = 0; i < dy.length; i += channels) {
    for (let c = 0; c < channels; c++) gradient[c] = (gradient[c] as number) + (dy[i + c] as number);
  }
}

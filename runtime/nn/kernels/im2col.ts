import type { Floats } from '../tensor';
import type { ConvGeometry } from './kernels';

/**
 * Writes the patches under the kernel of one picture as the rows of a matrix
 * [outHeight · outWidth, kernel · kernel · channels], so that a convolution becomes a product of matrices.
 */
export function im2col(columns: Floats, x: Floats, picture: number, g: ConvGeometry): void {
  const from = picture * g.height * g.width * g.channels;
  let to = 0;
  for (let row = 0; row < g.outHeight; row++) {
    for (let column = 0; column < g.outWidth; column++) {
      for (let i = 0; i < g.kernel; i++) {
        const y = row * g.stride + i - g.padTop;
        for (let j = 0; j < g.kernel; j++) {
          const x0 = column * g.stride + j - g.padLeft;
          const inside = y >= 0 && y < g.height && x0 >= 0 && x0 < g.width;
          const at = from + (y * g.width + x0) * g.channels;
          for (let c = 0; c < g.channels; c++) columns[to++] = inside ? (x[at + c] as number) : 0;
        }
      }
    }
  }
}

/** The transpose of `im2col`: adds every patch's row back to the pixels it was read from. */
export function col2im(dx: Floats, columns: Floats, picture: number, g: ConvGeometry): void {
  const start = picture * g.height * g.width * g.channels;
  dx.fill(0, start, start + g.height * g.width * g.channels);
  let from = 0;
  for (let row = 0; row < g.outHeight; row++) {
    for (let column = 0; column < g.outWidth; column++) {
      for (let i = 0; i < g.kernel; i++) {
        const y = row * g.stride + i - g.padTop;
        for (let j = 0; j < g.kernel; j++, from += g.channels) {
          const x0 = column * g.stride + j - g.padLeft;
          if (y < 0 || y >= g.height || x0 < 0 || x0 >= g.width) continue;
          const at = start + (y * g.width + x0) * g.channels;
          for (let c = 0; c < g.channels; c++) {
            dx[at + c] = (dx[at + c] as number) + (columns[from + c] as number);
          }
        }
      }
    }
  }
}

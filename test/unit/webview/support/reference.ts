/** The playground's norms in float64, from the formulas of their papers: what the numbers on screen are held against. */
import * as formulas from '../../../../runtime/reference/formulas';
import { type Value, value } from '../../../../runtime/reference/tape';
import type { Layer } from '../../../../src/shared/illustration';
import type { NormName } from '../../../../src/shared/playground';

const constant = (size: number, of: number, shape: readonly number[] = [size]): Value =>
  value(new Float64Array(size).fill(of), shape);

/** A norm of x [N, H, W, C] (channels last), with one γ and one β everywhere. */
export function reference(name: NormName, layer: Layer, x: Value, epsilon: number, gamma = 1, beta = 0): Value {
  const { n, c, h, w, groups, slice } = layer;
  const p = { gamma: constant(c, gamma), beta: constant(c, beta) };
  const every = [1, 2, 3];
  const all = c * h * w;
  switch (name) {
    case 'batch':
      return formulas.batch(x, p, 'last', epsilon);
    case 'ghostBatch':
      return formulas.ghostBatch(x, p, Math.min(slice, n), 'last', epsilon);
    case 'layer':
      return formulas.layer(
        x,
        { gamma: constant(all, gamma, [h, w, c]), beta: constant(all, beta, [h, w, c]) },
        every,
        epsilon,
      );
    case 'layerChannels':
      return formulas.layer(x, p, [3], epsilon);
    case 'instance':
      return formulas.instance(x, p, 'last', epsilon);
    case 'group':
      return formulas.group(x, p, groups, 'last', epsilon);
    case 'rms':
      return formulas.rms(x, p, [3], epsilon);
    case 'pixel':
      return formulas.pixel(x, 'last', epsilon);
    case 'filterResponse':
      return formulas.filterResponse(x, { ...p, tau: constant(c, -1e30) }, 'last', epsilon);
  }
}

export const inFloat64 = ({ n, c, h, w }: Layer, data: ArrayLike<number>): Value => value(data, [n, h, w, c]);

/** How far each sample's output depends on each sample's input: a matrix from the runtime's backward pass. */
import { filled, tensor } from '../../runtime';
import { type Cell, indexOf, type Layer, partition, shapeOf } from '../../src/shared/illustration';
import type { NormName } from '../../src/shared/playground';
import { applyNorm, normFor } from '../norms';

export interface Coupling {
  /** [i][j] = ‖∂y_i/∂x_j‖₂, with y_i one cell of sample i and x_j all of sample j. */
  readonly norms: readonly (readonly number[])[];
  /** [i][j] = ∂y_i/∂x_j of the same cell in both samples. */
  readonly entries: readonly (readonly number[])[];
  /** The cell's normalised value in each sample, and 1/σ of its set. */
  readonly normalized: readonly number[];
  readonly rstd: readonly number[];
  /** m. */
  readonly elements: number;
  /** The largest entry beside the diagonal. */
  readonly largestBeside: number;
}

/** One backward pass a sample: the gradient of its cell with respect to every input. */
export function coupling(name: NormName, layer: Layer, values: Float32Array, cell: Cell, epsilon: number): Coupling {
  const shape = shapeOf(layer, 'channelsLast');
  const norm = normFor(name, layer, { epsilon, layout: 'channelsLast' });
  const normed = applyNorm(norm, tensor(values, shape));
  const sets = partition(name, layer);
  const each = layer.c * layer.h * layer.w;
  const at = (n: number) => indexOf(layer, { ...cell, n });
  const samples = Array.from({ length: layer.n }, (_, n) => n);
  const gradients = samples.map((i) => {
    const dy = filled(shape);
    dy.data[at(i)] = 1;
    return normed.backward(dy).data;
  });
  const lengthOf = (data: Float32Array, j: number) => {
    let sum = 0;
    for (let k = j * each; k < (j + 1) * each; k++) sum += (data[k] ?? 0) ** 2;
    return Math.sqrt(sum);
  };
  const norms = gradients.map((data) => samples.map((j) => lengthOf(data, j)));
  const beside = norms.flatMap((row, i) => row.filter((_, j) => j !== i));
  return {
    norms,
    entries: gradients.map((data) => samples.map((j) => data[at(j)] ?? 0)),
    normalized: samples.map((n) => normed.y.data[at(n)] ?? 0),
    rstd: samples.map((n) => normed.rstd.data[sets.setOf({ ...cell, n })] ?? 0),
    elements: sets.elements,
    largestBeside: Math.max(0, ...beside),
  };
}

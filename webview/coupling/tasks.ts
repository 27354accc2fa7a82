import type { Cell, Layer } from '../../src/shared/illustration';
import type { Edits, NormName } from '../../src/shared/playground';
import { sampleValues } from '../axes/tensor';
import type { TaskContext } from '../work/task';
import { type Coupling, coupling } from './matrix';

export interface OthersInput {
  readonly names: readonly NormName[];
  readonly layer: Layer;
  readonly seed: number;
  readonly edits: Edits;
  readonly cell: Cell;
  readonly epsilon: number;
}

export type Others = readonly { readonly name: NormName; readonly found: Coupling }[];

/** The matrices of several norms on the same numbers. */
async function others(
  { names, layer, seed, edits, cell, epsilon }: OthersInput,
  { breathe }: TaskContext,
): Promise<Others> {
  const values = sampleValues(layer, seed, edits);
  const found: { name: NormName; found: Coupling }[] = [];
  for (const name of names) {
    found.push({ name, found: coupling(name, layer, values, cell, epsilon) });
    await breathe();
  }
  return found;
}

/** The third scene's work. */
export const couplingTasks = { 'coupling.others': others };

// The options that each norm knows. A name that is none of them would leave the default in force without a word, as in
// `layerNorm({ epsilonn: 1e-5 })`; the types catch it only in a literal, and not in JavaScript.
import { NormError } from '../errors';
import type { AdainOptions } from './adain';
import type { BatchNormOptions } from './batch';
import type { BatchRenormOptions } from './batchRenorm';
import type { ConditionalBatchNormOptions } from './conditionalBatch';
import type { DynamicTanhOptions } from './dynamicTanh';
import type { FilterResponseOptions } from './filterResponse';
import type { GhostBatchNormOptions } from './ghostBatch';
import type { GroupNormOptions } from './group';
import type { LayerNormOptions } from './layer';
import type { LocalOptions } from './local';
import type { LocalResponseOptions } from './localResponse';
import type { CommonOptions } from './norm';
import type { PixelNormOptions } from './pixel';
import type { SpectralNormOptions } from './spectral';
import type { SyncBatchNormOptions } from './syncBatch';
import type { WeightNormOptions } from './weightNorm';
import type { WeightStandardizationOptions } from './weightStandardization';

/** Every name of an options type, and no other: a missing or an extra one does not compile. */
type Names<O> = { readonly [K in keyof Required<O>]: true };

const engine: Names<Pick<CommonOptions, 'engine'>> = { engine: true };
const common: Names<CommonOptions> = { epsilon: true, ...engine };
const local: Names<LocalOptions> = { layout: true, ...common };
const batch: Names<BatchNormOptions> = { ...local, convention: true, momentum: true, guard: true };
const rows: Names<LayerNormOptions> = { axis: true, ...common };
const units = { units: true } as const;

/** The options' types by norm. */
interface OptionsOf {
  batchNorm: BatchNormOptions;
  ghostBatchNorm: GhostBatchNormOptions;
  syncBatchNorm: SyncBatchNormOptions;
  conditionalBatchNorm: ConditionalBatchNormOptions;
  batchRenorm: BatchRenormOptions;
  switchableNorm: BatchNormOptions;
  instanceNorm: LocalOptions;
  groupNorm: GroupNormOptions;
  adaptiveInstanceNorm: AdainOptions;
  filterResponseNorm: FilterResponseOptions;
  layerNorm: LayerNormOptions;
  rmsNorm: LayerNormOptions;
  pixelNorm: PixelNormOptions;
  localResponseNorm: LocalResponseOptions;
  dynamicTanh: DynamicTanhOptions;
  weightNorm: WeightNormOptions;
  weightStandardization: WeightStandardizationOptions;
  spectralNorm: SpectralNormOptions;
}

const known: { readonly [N in keyof OptionsOf]: Names<OptionsOf[N]> } = {
  batchNorm: batch,
  ghostBatchNorm: { size: true, ...batch },
  syncBatchNorm: { replicas: true, ...batch },
  conditionalBatchNorm: { conditions: true, ...batch },
  batchRenorm: { ...local, rMax: true, dMax: true, rate: true, guard: true },
  switchableNorm: batch,
  instanceNorm: local,
  groupNorm: { groups: true, ...local },
  adaptiveInstanceNorm: local,
  filterResponseNorm: local,
  layerNorm: rows,
  rmsNorm: rows,
  pixelNorm: local,
  localResponseNorm: { layout: true, size: true, alpha: true, beta: true, bias: true, ...engine },
  dynamicTanh: { alpha: true, ...engine },
  weightNorm: { ...units, ...engine },
  weightStandardization: { ...units, ...common },
  spectralNorm: { ...units, iterations: true, ...engine },
};

/**
 * Checks the names of options, once, when a norm is made.
 * @throws NormError for a name that the norm does not know, with those that it does and the nearest of them
 */
export function checkOptions<N extends keyof OptionsOf>(norm: N, options: OptionsOf[N]): void {
  const names = Object.keys(known[norm]);
  for (const name in options) {
    if (names.includes(name)) continue;
    throw new NormError('option', norm, `options named ${names.join(', ')}`, name + hint(name.toLowerCase(), names));
  }
}

/** The nearest name: in fewer than half as many edits as it has letters, or one within the other as in eps and numGroups. */
function hint(name: string, names: readonly string[]): string {
  const [nearest] = names
    .map((to) => ({ to, edits: name.includes(to) || to.includes(name) ? 0 : editsBetween(name, to) }))
    .filter(({ to, edits }) => 2 * edits < to.length)
    .sort((a, b) => a.edits - b.edits);
  return nearest ? ` (did you mean ${nearest.to}?)` : '';
}

/** How many letters are put in, left out or replaced between two words (Levenshtein 1966). */
function editsBetween(a: string, b: string): number {
  let row = Array.from(`${b}.`, (_, j) => j);
  for (const letter of a) {
    let last = -1;
    // Each from its left neighbour, from the one above, and from that one's left neighbour.
    row = row.map((above, j) => {
      const replaced = (row[j - 1] ?? above) + (j && letter === b[j - 1] ? 0 : 1);
      last = Math.min(replaced, above + 1, j ? last + 1 : replaced);
      return last;
    });
  }
  return row.at(-1) ?? 0;
}

import type { OpSpec } from '../../opSpec';
import { arithmeticOps } from './arithmetic';
import { basicMathOps } from './basicMath';
import { convolutionOps } from './convolution';
import { creationOps } from './creation';
import { fusedOps } from './fused';
import { gatheringOps } from './gathering';
import { imageOps } from './image';
import { linalgOps } from './linalg';
import { logicalOps } from './logical';
import { lossOps } from './losses';
import { matrixOps } from './matrix';
import { normalizationOps } from './normalization';
import { paddingOps } from './padding';
import { poolingOps } from './pooling';
import { raggedOps } from './ragged';
import { randomOps } from './random';
import { reductionOps } from './reduction';
import { scatteringOps } from './scattering';
import { searchingOps } from './searching';
import { signalOps } from './signal';
import { slicingOps } from './slicing';
import { spaceOps } from './spaceToDepth';
import { sparseOps, stringOps } from './sparse';
import { transformationOps } from './transformation';

/** Every op of tfjs that takes or makes a tensor, one row each; methods that differ from the function are rows of their own. */
export const opSpecs: readonly OpSpec[] = [
  ...creationOps,
  ...randomOps,
  ...basicMathOps,
  ...arithmeticOps,
  ...logicalOps,
  ...reductionOps,
  ...normalizationOps,
  ...matrixOps,
  ...transformationOps,
  ...slicingOps,
  ...paddingOps,
  ...convolutionOps,
  ...poolingOps,
  ...fusedOps,
  ...linalgOps,
  ...gatheringOps,
  ...scatteringOps,
  ...searchingOps,
  ...raggedOps,
  ...spaceOps,
  ...imageOps,
  ...signalOps,
  ...sparseOps,
  ...stringOps,
  ...lossOps,
];

/** Functions of `tf` by name, dotted for namespaces: `moments`, `image.resizeBilinear`. */
export const opsByName: ReadonlyMap<string, OpSpec> = new Map(
  opSpecs.filter((spec) => spec.methodOnly !== true).map((spec) => [spec.name, spec]),
);

/** Methods of tensors by name; the tensor is the row's first parameter. */
export const methodsByName: ReadonlyMap<string, OpSpec> = new Map(
  opSpecs.filter((spec) => spec.method === true).map((spec) => [spec.name, spec]),
);

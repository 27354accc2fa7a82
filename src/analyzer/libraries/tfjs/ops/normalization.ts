import { type Shape, showShape } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { checkRank, rankOf, reducedOver } from './axes';
import { operand, optional, truthy } from './operands';
import { METHOD, no, row } from './row';

const SENTENCE = 'Batch normalization gradient requires mean and';

/** `tf.batchNorm`: mean, variance, offset and scale of one rank. Their sizes are not looked at by cpu and wasm. */
function batchNorm(name: string, rank?: number): OpSpec {
  return row(
    name,
    'x mean variance offset scale varianceEpsilon',
    (call) => {
      const x = operand(call, 'batchNorm', 'x');
      const mean = operand(call, 'batchNorm', 'mean');
      const variance = operand(call, 'batchNorm', 'variance');
      const scale = optional(call, 'batchNorm', 'scale');
      const offset = optional(call, 'batchNorm', 'offset');
      if (rank !== undefined) checkRanks(rank, { x, mean, variance, scale, offset });
      for (const [param, other] of Object.entries({ variance, offset, scale })) checkEqualRank(mean, other, param);
      return tensor(x.shape, x.dtype);
    },
    rank === undefined ? METHOD : {},
  );
}

function checkRanks(rank: number, all: Readonly<Record<string, PlainTensor | undefined>>): void {
  for (const [param, t] of Object.entries(all)) {
    if (t === undefined) continue;
    const ranks = param === 'x' ? [rank] : [rank, 1];
    const wanted = param === 'x' ? `rank ${rank}` : `rank ${rank} or rank 1`;
    checkRank(
      t,
      ranks,
      `batchNorm${rank}d`,
      `Error in batchNorm${rank}D: ${param} must be ${wanted} but got rank $.`,
      param,
    );
  }
}

function checkEqualRank(mean: PlainTensor, other: PlainTensor | undefined, param: string): void {
  const [a, b] = [rankOf(mean), other && rankOf(other)];
  if (a === undefined || b === undefined || a === b) return;
  no(
    'rank',
    `batchNorm wants mean and ${param} of one rank: ${showShape(mean.shape)} against ${showShape(other?.shape ?? null)}`,
    `${SENTENCE} ${param} to have equal ranks.`,
    param,
  );
}

/** `tf.moments`: biased, over every axis by default. */
function moments(call: OpCall) {
  const x = operand(call, 'moments', 'x');
  const result: Shape = reducedOver(x, call.get('axis'), truthy(call, 'keepDims'));
  // Each statistic is a tensor of its own: the kept axes are those of x, new ones are shared by both.
  return {
    kind: 'record' as const,
    tensors: { mean: tensor(result, 'float32'), variance: tensor(result, 'float32') },
  };
}

export const normalizationOps: readonly OpSpec[] = [
  row('moments', 'x axis keepDims', moments),
  batchNorm('batchNorm'),
  batchNorm('batchNorm2d', 2),
  batchNorm('batchNorm3d', 3),
  batchNorm('batchNorm4d', 4),
  row(
    'localResponseNormalization',
    'x depthRadius bias alpha beta',
    (call) => {
      const name = 'localResponseNormalization';
      const x = operand(call, name, 'x');
      checkRank(x, [3, 4], name, `Error in ${name}: x must be rank 3 or 4 but got`);
      const radius = call.get('depthRadius');
      if (typeof radius === 'number' && radius % 1 !== 0)
        no(
          'option',
          `depthRadius must be an integer, not ${radius}`,
          `Error in ${name}: depthRadius must be an integer but got depthRadius ${radius}.`,
          'depthRadius',
        );
      return tensor(x.shape, x.dtype);
    },
    METHOD,
  ),
];

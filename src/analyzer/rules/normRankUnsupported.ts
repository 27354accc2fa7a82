import { showShape } from '../shapes/shape';
import { isBatchNorm, isNorm } from './layers';
import type { Rule } from './rule';

export const normRankUnsupported: Rule = {
  id: 'NL105',
  name: 'norm-rank-unsupported',
  severity: 'error',
  summary: 'Batch or layer normalization of a tensor of rank 5 or more (or 1): TensorFlow.js has no kernel for it',
  check(trace, report) {
    for (const { layer, inputs } of trace.of('layerCall')) {
      const shape = inputs[0]?.shape ?? null;
      if (!isNorm(layer) || shape === null || (shape.length >= 2 && shape.length <= 4) || shape.length === 0) continue;
      const rank = shape.length;
      const channels = shape.at(-1)?.dim;
      const c = typeof channels === 'number' ? String(channels) : 'C';
      const per = typeof channels === 'number' ? ` (C = ${channels})` : '';
      report({
        at: layer.at,
        about: layer,
        message: `${layer.type} has no kernel for rank ${rank}: ${showShape(shape)} fails at the first call`,
        advice:
          rank === 1
            ? 'TensorFlow.js normalises tensors of rank 2 to 4. Give the input a batch axis: `x.expandDims(0)`.'
            : `TensorFlow.js builds the layer and then throws “batchNormalization is not implemented for array of rank ${rank} yet” when data come. ${
                isBatchNorm(layer)
                  ? `Statistics per channel do not care how the other axes are grouped, so reshape to rank 4${per}, normalise, and reshape back: \`tf.layers.reshape({targetShape: [D * H, W, ${c}]})\`.`
                  : 'Merge axes that are not normalised with `tf.layers.reshape`, normalise the last axis, and reshape back.'
              }`,
        facts: { rank },
      });
    }
  },
};

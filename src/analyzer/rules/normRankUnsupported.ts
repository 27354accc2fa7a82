import { type Axis, showShape } from '../shapes/shape';
import type { LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm, isNorm, option } from './layers';
import { madeOnce, namespaceOf, wrapLayer } from './rewrites';
import type { Fix, Rule } from './rule';

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
        fixes: reshaped(trace, layer, shape),
      });
    }
  },
};

/** To rank 4 and back: what is normalised over the last axis does not care how the others are grouped. */
function reshaped(trace: Trace, layer: LayerFact, shape: readonly Axis[]): readonly Fix[] {
  const sizes = shape.slice(1).map(({ dim }) => dim);
  const namespace = namespaceOf(trace, layer);
  const axis = option(layer, 'axis', -1);
  const first = ['inputShape', 'batchInputShape'].some((key) => layer.options.has(key));
  if (shape.length < 5 || namespace === undefined || first || !madeOnce(trace, layer)) return [];
  if ((axis !== -1 && axis !== shape.length - 1) || !sizes.every((d) => typeof d === 'number')) return [];
  const merged = [sizes.slice(0, -2).reduce((product, d) => product * d, 1), ...sizes.slice(-2)];
  const reshape = (to: readonly number[]): string => `${namespace}.reshape({ targetShape: [${to.join(', ')}] })`;
  const edits = wrapLayer(trace, layer, reshape(merged), reshape(sizes));
  return edits === undefined || axis !== -1
    ? []
    : [{ title: 'Reshape to rank 4, normalise, reshape back (two more layers)', safe: false, edits }];
}

import { showShape } from '../shapes/shape';
import { setOption } from './edits';
import { isBatchNorm, keptAxis, numberOption, optionPlace } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';

export const bnAxisNotLast: Rule = {
  id: 'NL101',
  name: 'bn-axis-not-last',
  severity: 'error',
  summary:
    'Batch normalization keeps an axis that is not the last: training throws, prediction is wrong on cpu and wasm',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const { layer, inputs } of trace.of('layerCall')) {
      const shape = inputs[0]?.shape ?? null;
      if (!isBatchNorm(layer) || shape === null || shape.length < 3) continue;
      const kept = keptAxis(layer, shape.length);
      if (kept === undefined || kept === 0 || kept === shape.length - 1) continue;
      const written = numberOption(layer, 'axis', -1) ?? kept;
      const reach = usage.reach(layer);
      const channelsFirst = shape[kept]?.role === 'channel';
      const edit = channelsFirst ? undefined : setOption(trace, layer, 'axis', '-1');
      report({
        at: optionPlace(layer, 'axis'),
        about: layer,
        severity: reach === 'predicts' ? 'warning' : 'error',
        message:
          reach === 'predicts'
            ? `axis ${written} is not the last of ${showShape(shape)}: predictions are silently wrong on cpu and wasm`
            : `axis ${written} is not the last of ${showShape(shape)}: TensorFlow.js throws as soon as this layer trains`,
        advice: `\`axis\` names the axis that is kept, and TensorFlow.js 4.22 can keep only the last one of a rank-${shape.length} input: the gradient of the fused kernel takes mean and variance for \`[C]\` and fails with “Size(…) must match the product of shape …”; in inference the cpu and wasm backends read the statistics in the wrong order without a word. ${
          channelsFirst
            ? `Here axis ${kept} holds the channels: build the network with \`dataFormat: 'channelsLast'\`, or put \`tf.layers.permute\` before and after the layer.`
            : `Leave \`axis\` out (−1), so that the ${shape.length === 3 ? 'last axis' : 'channels'} keep their statistics.`
        }`,
        facts: { axis: written, rank: shape.length, last: shape.length - 1 },
        fixes:
          edit === undefined
            ? []
            : [
                {
                  title: `Keep the last axis: axis: -1${reach === 'trains' ? '' : ' (predictions change)'}`,
                  safe: reach === 'trains',
                  edits: [edit],
                },
              ],
      });
    }
  },
};

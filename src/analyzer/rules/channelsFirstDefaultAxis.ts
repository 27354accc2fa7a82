import { showShape } from '../shapes/shape';
import type { LayerCallFact } from '../trace/facts';
import { before, isBatchNorm, isLayerNorm, isNorm, keptAxis, normalizedAxes, option, optionPlace } from './layers';
import type { Rule } from './rule';
import { called } from './words';

export const channelsFirstDefaultAxis: Rule = {
  id: 'NL102',
  name: 'channels-first-default-axis',
  severity: 'error',
  summary: 'A channels-first feature map meets a normalization of the last axis, which is its width',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      const { layer, inputs } = call;
      const shape = inputs[0]?.shape ?? null;
      if (!isNorm(layer) || shape === null || shape.length < 3) continue;
      const last = shape.length - 1;
      const axes = isLayerNorm(layer) ? normalizedAxes(layer, shape.length) : [keptAxis(layer, shape.length)];
      if (axes === undefined || axes.length !== 1 || axes[0] !== last) continue;
      const source = channelsFirstSource(call);
      if (source === undefined || shape[last]?.role === 'channel') continue;
      const size = showShape(shape);
      report({
        at: optionPlace(layer, 'axis'),
        about: layer,
        message: isBatchNorm(layer)
          ? `The input ${size} is channels first: this keeps statistics per column of the image, not per channel`
          : `The input ${size} is channels first: this normalises each row of the image, not the channels`,
        advice: `\`${called(source.layer)}\` gives channels on axis 1, and ${layer.type} works on the last axis, which is a spatial one here. TensorFlow.js cannot train batch normalization on any axis but the last, so build the network with \`dataFormat: 'channelsLast'\` (the default), or put \`tf.layers.permute\` before and after the normalization.`,
        facts: { axis: last, rank: shape.length },
        related: [{ at: source.layer.at, message: 'channels come first from here' }],
      });
    }
  },
};

/** The layer with `dataFormat: 'channelsFirst'` whose layout the call meets: through layers that keep the layout. */
function channelsFirstSource(call: LayerCallFact): LayerCallFact | undefined {
  for (let at = before(call), i = 0; at !== undefined && i < 32; at = before(at), i += 1) {
    const format = option(at.layer, 'dataFormat', 'default');
    if (format === 'channelsFirst') return at;
    if (format !== 'default' || !/^(activation|reLU|leakyReLU|elu|prelu|dropout|.*Normalization)$/.test(at.layer.type))
      return undefined;
  }
  return undefined;
}

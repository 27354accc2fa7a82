import { type Axis, showShape } from '../shapes/shape';
import type { LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { setOption } from './edits';
import { isBatchNorm, isLayerNorm, keptAxis, normalizedAxes, optionPlace } from './layers';
import type { Fix, Rule } from './rule';
import { Usage } from './usage';

export const normAxisIsBatch: Rule = {
  id: 'NL103',
  name: 'norm-axis-is-batch',
  severity: 'error',
  summary: 'A normalization layer is told to keep or to normalise the batch axis, or one whose length is not fixed',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const { layer, inputs, symbolic } of trace.of('layerCall')) {
      const shape = inputs[0]?.shape ?? null;
      if (shape === null || shape.length < 2) continue;
      // In op code a tensor without a batch may meet a layer: axis 0 is the batch only where it is known to be.
      const batched = symbolic || shape[0]?.role === 'batch';
      const size = showShape(shape);
      if (isBatchNorm(layer) && keptAxis(layer, shape.length) === 0 && batched) {
        const edit = setOption(trace, layer, 'axis', '-1');
        // With an open batch the layer is not even built; with a fixed one it predicts, sample by sample.
        const open = shape[0]?.dim === null;
        const predicts = !open && usage.reach(layer) === 'predicts';
        const throws = open || (symbolic && usage.reach(layer) === 'trains');
        report({
          at: optionPlace(layer, 'axis'),
          about: layer,
          ...(predicts ? { severity: 'warning' as const } : {}),
          message: `axis 0 of ${size} is the batch: batch normalization would keep one mean a sample${
            open ? ', and throws' : predicts ? '' : ', and training throws'
          }`,
          advice: `\`axis\` is the axis that is kept, so axis 0 asks for a γ and a β per sample. With an open batch TensorFlow.js refuses to build the layer (“Axis 0 of input tensor should have a defined dimension”); with a fixed one training fails. The features are on the last axis: leave \`axis\` out.`,
          facts: { axis: 0, rank: shape.length },
          fixes:
            edit === undefined
              ? []
              : [
                  {
                    title: `Keep the last axis: axis: -1${throws ? '' : ' (the result changes)'}`,
                    safe: throws,
                    edits: [edit],
                  },
                ],
        });
      }
      if (!isLayerNorm(layer)) continue;
      const axes = normalizedAxes(layer, shape.length) ?? [];
      const open = axes.find((a) => (a === 0 ? batched : shape[a]?.dim === null));
      if (open === undefined) continue;
      report({
        at: optionPlace(layer, 'axis'),
        about: layer,
        message:
          open === 0
            ? `axis 0 of ${size} is the batch: layer normalization would mix the samples of a batch`
            : `axis ${open} of ${size} has no fixed length, but γ and β need one: the layer cannot be built`,
        advice:
          open === 0
            ? 'Layer normalization is meant to treat every sample alone; over axis 0 the output of one sample depends on its batch-mates, and γ and β have the size of the batch. TensorFlow.js accepts this silently where the batch is fixed and fails to build otherwise. Normalise the feature axes only (`axis: -1`, or all but the first).'
            : 'γ and β of layer normalization have the shape of the normalised axes, so each of them must be a number. TensorFlow.js fails with “Tensor must have a shape comprised of positive integers but got shape [].” Normalise the last axis, or fix the length in `inputShape`.',
        facts: { axis: open, rank: shape.length },
        fixes: withoutOpen(trace, layer, axes, shape, batched),
      });
    }
  },
};

/** The axes that layer norm can normalise: those of fixed length that are not the batch, else the last. */
function withoutOpen(
  trace: Trace,
  layer: LayerFact,
  axes: readonly number[],
  shape: readonly Axis[],
  batched: boolean,
): readonly Fix[] {
  const last = shape.length - 1;
  const kept = axes.filter((a) => !(a === 0 && batched) && shape[a]?.dim !== null);
  const [only = last] = kept;
  const value = kept.length > 1 ? `[${kept.join(', ')}]` : only === last ? '-1' : String(only);
  if (shape[only]?.dim === null) return [];
  const edit = setOption(trace, layer, 'axis', value);
  return edit === undefined
    ? []
    : [{ title: `Normalise axis: ${value} (the result changes)`, safe: false, edits: [edit] }];
}

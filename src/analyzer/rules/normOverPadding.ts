import type { LayerCallFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isNorm, option, statisticsAxes } from './layers';
import type { Rule } from './rule';
import { called } from './words';

const KEEPS_TIME =
  /^(dense|activation|reLU|leakyReLU|elu|dropout|spatialDropout1d|conv1d|lstm|gru|simpleRNN|bidirectional|timeDistributed|.*Normalization)$/;
const LIMIT = 64;

export const normOverPadding: Rule = {
  id: 'NL215',
  name: 'norm-over-padding',
  severity: 'warning',
  summary: 'A normalization takes its statistics across the time steps of padded sequences: the padding counts',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      if (!masks(call)) continue;
      for (const norm of normsAfter(trace, call)) {
        report({
          at: norm.layer.at,
          about: norm.layer,
          message: `${norm.layer.type} averages over the time axis, but the mask of ${called(call.layer)} is ignored: padding counts`,
          advice:
            'TensorFlow.js hands the mask on but its normalization layers do not look at it: padded steps enter the mean and the variance, so the output of a sequence depends on how far its batch is padded. Normalise over the last axis only (`tf.layers.layerNormalization()`), where each step stands alone.',
          related: [{ at: call.layer.at, message: 'sequences are masked here' }],
        });
      }
    }
  },
};

const masks = ({ layer }: LayerCallFact): boolean =>
  layer.type === 'masking' || (layer.type === 'embedding' && option(layer, 'maskZero', false) === true);

/** Norms over time downstream of the call, as long as the time axis stays where it is. */
function normsAfter(trace: Trace, start: LayerCallFact): readonly LayerCallFact[] {
  const found: LayerCallFact[] = [];
  const queue: LayerCallFact[] = [start];
  for (let i = 0; i < queue.length && i < LIMIT; i += 1) {
    const consumers = queue[i]?.outputs.flatMap((output) => trace.consumersOf(output)) ?? [];
    for (const next of consumers) {
      if (next.kind !== 'layerCall' || next.inputs[0]?.shape?.length !== 3) continue;
      if (isNorm(next.layer) && statisticsAxes(next.layer, 3)?.includes(1) === true) found.push(next);
      if (KEEPS_TIME.test(next.layer.type)) queue.push(next);
    }
  }
  return found;
}

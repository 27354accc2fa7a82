import type { LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm } from './layers';
import type { Rule } from './rule';
import { within } from './words';

export const bnInsideTimeLoop: Rule = {
  id: 'NL213',
  name: 'bn-inside-time-loop',
  severity: 'warning',
  summary:
    'Batch norm under timeDistributed or in a recurrent cell: statistics a time step, running ones updated T times',
  check(trace, report) {
    const steps = stepsByWrapper(trace);
    for (const { layer: wrapper } of trace.of('layerMade')) {
      if (wrapper.type !== 'timeDistributed' && wrapper.type !== 'rnn') continue;
      const [inner] = wrapper.inner;
      for (const norm of normsWithin(trace, inner === undefined ? [] : wrapper.inner)) {
        const t = steps.get(wrapper);
        // One that is written elsewhere is no mistake by itself.
        const inside = norm === inner && within(norm.at, wrapper.at);
        report({
          at: inside ? norm.at : wrapper.at,
          about: norm,
          message: `Batch norm in ${wrapper.type} runs once a time step${t === undefined ? '' : `, ${t} times a batch`}: its statistics are of one step`,
          advice: `TensorFlow.js applies the inner layer to each time step in turn, so m is B·S instead of B·T·S values, every step is normalised with its own mean, and the running statistics are updated ${t === undefined ? 'T' : t} times a batch. Put the batch norm on the whole sequence (it keeps the last axis of any rank up to 4), or use layer normalization.`,
          facts: t === undefined ? {} : { steps: t },
          related: inside ? [] : [{ at: norm.at, message: 'the batch norm' }],
        });
      }
    }
  },
};

function stepsByWrapper(trace: Trace): ReadonlyMap<LayerFact, number> {
  const steps = new Map<LayerFact, number>();
  for (const { layer, inputs } of trace.of('layerCall')) {
    const time = inputs[0]?.shape?.[1]?.dim;
    if (typeof time === 'number') steps.set(layer, time);
  }
  return steps;
}

function normsWithin(trace: Trace, layers: readonly LayerFact[]): readonly LayerFact[] {
  return layers
    .flatMap((layer) => (layer.model === undefined ? [layer, ...layer.inner] : trace.layersWithin(layer.model)))
    .filter(isBatchNorm);
}

import type { LayerFact, ModelFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm } from './layers';
import type { Rule } from './rule';
import { count, placeKey } from './words';

export const targetWithoutStatistics: Rule = {
  id: 'NL214',
  name: 'target-without-statistics',
  severity: 'warning',
  summary: 'A target or averaged copy takes only the trainable weights: its batch norms keep their initial statistics',
  check(trace, report) {
    const whole = new Set<LayerFact>();
    const partial = new Map<string, { readonly at: Place; readonly norms: Set<LayerFact>; readonly copied: boolean }>();
    for (const { at, to, which } of trace.of('weightsCopy')) {
      const norms = layersOf(trace, to).filter(isBatchNorm);
      if (which === 'all') for (const norm of norms) whole.add(norm);
      if (which !== 'trainable') continue;
      // One line may copy weight by weight.
      const key = placeKey(at);
      const found = partial.get(key) ?? { at, norms: new Set(), copied: norms.some((norm) => whole.has(norm)) };
      for (const norm of norms) found.norms.add(norm);
      partial.set(key, found);
    }
    for (const { at, norms, copied } of partial.values()) {
      const [first] = norms;
      if (first === undefined) continue;
      const keep = norms.size === 1 ? 'keeps' : 'keep';
      report({
        at,
        about: first,
        message: `Only trainable weights are copied: ${count(norms.size, 'batch norm')} of the copy ${keep} ${copied ? 'old statistics' : 'mean 0 and variance 1'}`,
        advice:
          'The running mean and variance of a batch norm are weights that do not train, so `trainableWeights` (and `getWeights(true)`) leaves them out. The copy then predicts with the new γ and β, but with the statistics that it had before: the initial ones, or those of the last full copy. Copy all: `target.setWeights(online.getWeights())`, and average or copy the statistics as well where the rest is averaged.',
        facts: { layers: norms.size },
        related: [{ at: first.at, message: 'this batch norm' }],
      });
    }
  },
};

function layersOf(trace: Trace, target: LayerFact | ModelFact): readonly LayerFact[] {
  return 'calls' in target ? trace.layersWithin(target) : [target];
}

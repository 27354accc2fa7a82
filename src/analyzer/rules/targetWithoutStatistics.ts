import type { LayerFact, ModelFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm } from './layers';
import type { Rule } from './rule';
import { count } from './words';

export const targetWithoutStatistics: Rule = {
  id: 'NL214',
  name: 'target-without-statistics',
  severity: 'warning',
  summary: 'A target or averaged copy takes only the trainable weights: its batch norms keep their initial statistics',
  check(trace, report) {
    for (const fact of trace.of('weightsCopy')) {
      if (fact.which !== 'trainable') continue;
      const norms = layersOf(trace, fact.to).filter(isBatchNorm);
      const [first] = norms;
      if (first === undefined) continue;
      report({
        at: fact.at,
        about: first,
        message: `Only trainable weights are copied: ${count(norms.length, 'batch norm')} of the copy keep mean 0 and variance 1`,
        advice:
          'The running mean and variance of a batch norm are weights that do not train, so `trainableWeights` (and `getWeights(true)`) leaves them out. The copy then predicts with the initial statistics and the new γ and β. Copy all: `target.setWeights(online.getWeights())`, and average or copy the statistics as well where the rest is averaged.',
        facts: { layers: norms.length },
        related: [{ at: first.at, message: 'this batch norm' }],
      });
    }
  },
};

function layersOf(trace: Trace, target: LayerFact | ModelFact): readonly LayerFact[] {
  return 'calls' in target ? trace.layersWithin(target) : [target];
}

import type { GradientFact, LayerFact, ModelCallFact, TensorFact } from '../trace/facts';
import { isBatchNorm } from './layers';
import { opOf, regions, trainsVariables } from './provenance';
import type { Rule } from './rule';
import { Usage } from './usage';

const POPULATION = /real|fake|gen(erated)?|source|target|anchor|positive|negative|student|adversarial/i;

export const sharedBnMixedPopulations: Rule = {
  id: 'NL209',
  name: 'shared-bn-mixed-populations',
  severity: 'information',
  summary: 'One batch norm trains on two populations: its running statistics are of neither',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const model of usage.models) {
      if (usage.trainings(model).length === 0) continue;
      const seen = new Map<LayerFact, TensorFact | undefined>();
      for (const call of model.calls) {
        if (!isBatchNorm(call.layer)) continue;
        const input = call.inputs[0];
        if (seen.has(call.layer) && seen.get(call.layer) !== input) {
          report({
            at: call.layer.at,
            about: call.layer,
            message: 'This batch norm is applied twice in one model: each training step mixes two sets of statistics',
            advice: ADVICE,
            facts: { applications: model.calls.filter((c) => c.layer === call.layer).length },
            related: [{ at: call.at, message: 'applied again here' }],
          });
        }
        seen.set(call.layer, input);
      }
    }
    const inStep = new Map<GradientFact, ModelCallFact[]>();
    for (const fact of trace.of('modelCall')) {
      const norm = usage.layersWithin(fact.model).find(isBatchNorm);
      if (norm === undefined || fact.mode !== 'train') continue;
      const parts = mixedParts(fact.inputs[0]);
      if (parts !== undefined) {
        report({
          at: fact.at,
          about: norm,
          message: `${parts.join(' and ')} are concatenated: batch norm normalises both with one mean`,
          advice: ADVICE,
          facts: { parts: parts.join(', ') },
          related: [{ at: norm.at, message: 'the batch norm that mixes them' }],
        });
      }
      const region = regions(fact.gradient).find(trainsVariables);
      if (region === undefined) continue;
      const earlier = inStep.get(region) ?? [];
      const other = earlier.find((e) => e.model === fact.model && e.inputs[0] !== fact.inputs[0]);
      if (other !== undefined) {
        report({
          at: fact.at,
          about: norm,
          message: 'A model with batch norm trains on two batches in one step: its running statistics are of neither',
          advice: ADVICE,
          related: [
            { at: other.at, message: 'the other batch' },
            { at: norm.at, message: 'the batch norm that sees both' },
          ],
        });
      }
      inStep.set(region, [...earlier, fact]);
    }
  },
};

const ADVICE =
  'Batch statistics describe the batch that is normalised, running statistics an average over all of them. Where two populations (real and generated, two domains) take turns, prediction uses a mean that fits neither; concatenated, each shifts the other’s statistics and gives it away. Use layer or group normalization there, or one batch norm a population.';

/** The names of the two populations that were concatenated along the batch. */
function mixedParts(input: TensorFact | undefined): readonly string[] | undefined {
  const op = opOf(input);
  if (op === undefined || !/^concat/.test(op.name) || (op.args.get('axis')?.value ?? 0) !== 0) return undefined;
  const names = [...op.operands.values()].map((part) => part.name ?? '');
  return names.length === 2 && names.every((name) => POPULATION.test(name)) ? names : undefined;
}

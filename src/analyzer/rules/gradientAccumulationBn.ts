import type { GradientRegionFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';

export const gradientAccumulationBn: Rule = {
  id: 'NL211',
  name: 'gradient-accumulation-bn',
  severity: 'warning',
  summary: 'Gradients are summed over micro-batches, but batch norm still takes its statistics from each micro-batch',
  check(trace, report) {
    const usage = Usage.of(trace);
    const accumulated = accumulatedRegions(trace);
    if (accumulated.length === 0) return;
    const calls = new Map(trace.of('modelCall').map((fact) => [fact.gradient, fact]));
    for (const { region, at } of accumulated) {
      const call = calls.get(region);
      const norm =
        call === undefined || call.mode !== 'train' ? undefined : usage.layersWithin(call.model).find(isBatchNorm);
      if (call === undefined || norm === undefined) continue;
      const micro = call.inputs[0]?.shape?.[0]?.dim;
      report({
        at,
        about: norm,
        message: `Gradients are summed over micro-batches, but batch norm sees only ${
          typeof micro === 'number' ? `the ${micro} samples of each` : 'one at a time'
        }`,
        advice:
          'Accumulating gradients makes the optimizer see a large batch; batch normalization still computes its mean and variance from each micro-batch and updates its running statistics once for each. Use layer or group normalization, or a longer momentum and micro-batches of at least 16.',
        facts: typeof micro === 'number' ? { microBatch: micro } : {},
        related: [{ at: norm.at, message: 'this batch norm' }],
      });
    }
  },
};

/** Gradients that are taken in a loop and applied once after it. */
function accumulatedRegions(trace: Trace): readonly GradientRegionFact[] {
  let pending: GradientRegionFact[] = [];
  const accumulated: GradientRegionFact[] = [];
  for (const fact of trace.facts) {
    if (fact.kind === 'gradientRegion') {
      // A gradient outside a loop is what the next step applies: what came before belongs to something else.
      if (!fact.looped) pending = [];
      else if (/variableGrads|computeGradients/i.test(fact.region.api)) pending.push(fact);
    }
    if (fact.kind !== 'optimizerStep') continue;
    if (fact.api === 'applyGradients' && !fact.looped) accumulated.push(...pending);
    pending = [];
  }
  return accumulated;
}

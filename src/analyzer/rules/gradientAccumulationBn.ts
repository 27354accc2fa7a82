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
    const calls = trace.of('modelCall');
    for (const { region, outputs, at, looped } of trace.of('gradientRegion')) {
      const call = looped ? calls.find((fact) => fact.gradient === region && fact.mode === 'train') : undefined;
      const norm = call === undefined ? undefined : usage.layersWithin(call.model).find(isBatchNorm);
      if (call === undefined || norm === undefined) continue;
      const summed = outputs.some((gradient) =>
        trace.consumersOf(gradient).some((use) => use.kind === 'op' && /^(add|addN|sum)$/.test(use.name) && use.looped),
      );
      if (!summed) continue;
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

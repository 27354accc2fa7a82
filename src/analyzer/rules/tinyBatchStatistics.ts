import { showShape } from '../shapes/shape';
import type { LayerCallFact } from '../trace/facts';
import { varianceNoise } from './formulas';
import { isBatchNorm, valuesPerStatistic } from './layers';
import type { Rule } from './rule';
import { type Training, Usage } from './usage';
import { percent } from './words';

const TINY = 2;
const SMALL = 8;

export const tinyBatchStatistics: Rule = {
  id: 'NL217',
  name: 'tiny-batch-statistics',
  severity: 'warning',
  summary: 'Batch normalization trains on batches of one or two samples: its statistics are mostly noise',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const model of usage.models) {
      const norms = usage.callsWithin(model).filter((call) => isBatchNorm(call.layer));
      if (norms.length === 0) continue;
      for (const training of usage.ownTrainings(model)) {
        const { batch, fact } = training;
        if (typeof batch !== 'number' || batch < 1 || batch >= SMALL) continue;
        const worst = worstOf(norms, training);
        if (worst === undefined || worst.m === 1) continue;
        const noise = varianceNoise(worst.m);
        report({
          at: worst.call.layer.at,
          about: worst.call.layer,
          severity: batch <= TINY ? 'warning' : 'information',
          message: `Batches of ${batch} give batch norm over ${showShape(worst.call.inputs[0]?.shape ?? null)} m = ${worst.m} values: variance ± ${percent(noise)}`,
          advice: `A variance estimated from m values has a relative standard deviation of √(2/(m − 1)): ${percent(noise)} at m = ${worst.m}${
            worst.m > batch ? ' (more, since neighbouring positions are correlated)' : ''
          }. The output of a sample then hangs on its ${batch === 2 ? 'only batch-mate' : 'few batch-mates'}, and training and prediction drift apart; with batches of 2, ResNet-50 loses 10.6 points on ImageNet against group norm (arXiv 1803.08494). Use larger batches, or layer or group normalization.`,
          facts: { m: worst.m, batch, relativeDeviation: noise },
          related: [
            {
              at: (fact.kind === 'train' ? fact.batchSizeAt : undefined) ?? fact.at,
              message: `trained in batches of ${batch} here`,
            },
          ],
        });
      }
    }
  },
};

/** The norm with the fewest values per statistic. */
function worstOf(
  norms: readonly LayerCallFact[],
  { batch }: Training,
): { readonly call: LayerCallFact; readonly m: number } | undefined {
  let worst: { readonly call: LayerCallFact; readonly m: number } | undefined;
  for (const call of norms) {
    const m = valuesPerStatistic(call.layer, call.inputs[0]?.shape ?? null, batch);
    if (typeof m === 'number' && (worst === undefined || m < worst.m)) worst = { call, m };
  }
  return worst;
}

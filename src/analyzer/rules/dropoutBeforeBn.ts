import type { LayerCallFact, LayerFact } from '../trace/facts';
import { dropoutVarianceRatio, RELU_MOMENTS } from './formulas';
import { activationOf, before, isBatchNorm, isDropout, isLinear, numberOption } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';
import { called, short } from './words';

/** From this rate on a direct dropout is worth a warning. */
const STRONG = 0.3;
const REACH = 6;

export const dropoutBeforeBn: Rule = {
  id: 'NL207',
  name: 'dropout-before-bn',
  severity: 'warning',
  summary: 'Dropout before batch norm: the variance in prediction is not the one that the running statistics saw',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const call of trace.of('layerCall')) {
      if (!isBatchNorm(call.layer) || usage.reach(call.layer) === 'predicts') continue;
      const found = dropoutBefore(call);
      if (found === undefined) continue;
      const rate = numberOption(found.call.layer, 'rate', 0);
      if (rate === undefined || rate <= 0 || rate >= 1) continue;
      const moments = afterRelu(found.call) ? RELU_MOMENTS : { mean: 0, variance: 1 };
      const ratio = dropoutVarianceRatio(1 - rate, moments.mean, moments.variance);
      report({
        at: call.layer.at,
        about: call.layer,
        severity: found.direct && rate >= STRONG ? 'warning' : 'information',
        message: `${called(found.call.layer)} ${rate} ${found.direct ? 'straight ' : ''}before batch norm: in prediction its variance is ${short(ratio)} of what training saw`,
        advice: `Dropout scales what it keeps by 1/(1 − rate), so in training the variance is larger than in prediction, where nothing is dropped. The running variance of the batch norm was learned on the former: with rate ${rate} the ratio is s²/((s² + a²)/p − a²) = ${short(ratio)}${
          found.direct ? '' : ' at the dropout, less after the layers in between'
        }, and the normalised values shrink by ${short(Math.sqrt(ratio))} (“variance shift”, arXiv 1801.05134). Put dropout after the last batch norm.`,
        facts: { rate, varianceRatio: ratio },
        related: [{ at: found.call.layer.at, message: 'the dropout' }],
      });
    }
  },
};

/** The dropout that feeds the call, directly or through linear layers. */
function dropoutBefore(call: LayerCallFact): { readonly call: LayerCallFact; readonly direct: boolean } | undefined {
  let direct = true;
  for (let at = before(call), i = 0; at !== undefined && i < REACH; at = before(at), i += 1) {
    if (isDropout(at.layer)) return { call: at, direct };
    if (!isLinear(at.layer)) return undefined;
    direct &&= false;
  }
  return undefined;
}

function afterRelu(call: LayerCallFact): boolean {
  const layer: LayerFact | undefined = before(call)?.layer;
  return layer !== undefined && activationOf(layer) === 'relu';
}

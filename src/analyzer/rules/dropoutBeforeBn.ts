import type { LayerCallFact, LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { dropoutVarianceRatio, RELU_MOMENTS } from './formulas';
import { activationOf, before, isBatchNorm, isDropout, isLinear, numberOption } from './layers';
import { swapLayers } from './rewrites';
import type { Fix, Rule } from './rule';
import { Usage } from './usage';
import { called, plain, short } from './words';

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
      const rectified = afterRelu(found.call);
      const moments = rectified ? RELU_MOMENTS : { mean: 0, variance: 1 };
      const ratio = dropoutVarianceRatio(1 - rate, moments.mean, moments.variance);
      report({
        at: call.layer.at,
        about: call.layer,
        severity: found.direct && rate >= STRONG ? 'warning' : 'information',
        message: `${called(found.call.layer)} ${plain(rate)} ${found.direct ? 'straight ' : ''}before batch norm: in prediction its variance is ${short(ratio)} of what training saw`,
        advice: `Dropout scales what it keeps by 1/(1 − rate), so in training the variance is larger than in prediction, where nothing is dropped. The running variance of the batch norm was learned on the former: for inputs of mean a and variance s² and p = ${plain(1 - rate)} the ratio is s²/((s² + a²)/p − a²), ${short(ratio)} ${rectified ? 'behind a relu of N(0, 1)' : 'at a = 0 and less for any other mean'}${
          found.direct ? '' : ' (at the dropout; weaker after the layers in between)'
        }, and the normalised values shrink by ${short(Math.sqrt(ratio))} (“variance shift”, arXiv 1801.05134). Put dropout after the last batch norm.`,
        facts: { rate, varianceRatio: ratio },
        related: [{ at: found.call.layer.at, message: 'the dropout' }],
        fixes: found.adjacent ? swapped(trace, found.call.layer, call) : [],
      });
    }
  },
};

/** The dropout that feeds the call, directly or through linear layers. */
function dropoutBefore(
  call: LayerCallFact,
): { readonly call: LayerCallFact; readonly direct: boolean; readonly adjacent: boolean } | undefined {
  let direct = true;
  for (let at = before(call), i = 0; at !== undefined && i < REACH; at = before(at), i += 1) {
    if (isDropout(at.layer)) return { call: at, direct, adjacent: i === 0 };
    if (!isLinear(at.layer)) return undefined;
    direct &&= false;
  }
  return undefined;
}

function afterRelu(call: LayerCallFact): boolean {
  const layer: LayerFact | undefined = before(call)?.layer;
  return layer !== undefined && activationOf(layer) === 'relu';
}

/** Dropout after the batch norm, unless that only moves it in front of the next one. */
function swapped(trace: Trace, dropout: LayerFact, norm: LayerCallFact): readonly Fix[] {
  const next = norm.outputs.flatMap((output) => trace.consumersOf(output));
  if (next.some((call) => call.kind === 'layerCall' && (isBatchNorm(call.layer) || isLinear(call.layer)))) {
    // Through linear layers the shift goes on to the next batch norm, where there is one.
    if (trace.of('layerCall').filter((call) => isBatchNorm(call.layer)).length > 1) return [];
  }
  const edits = swapLayers(trace, dropout, norm.layer);
  return edits === undefined
    ? []
    : [{ title: 'Put dropout after the batch norm (training changes)', safe: false, edits }];
}

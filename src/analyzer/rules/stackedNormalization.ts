import type { LayerCallFact } from '../trace/facts';
import { activationOf, before, isActivation, isBatchNorm, isNorm, statisticsAxes } from './layers';
import type { Rule } from './rule';

export const stackedNormalization: Rule = {
  id: 'NL216',
  name: 'stacked-normalization',
  severity: 'warning',
  summary: 'A normalization straight on a normalization over the same values: the second has nothing left to do',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      if (!isNorm(call.layer)) continue;
      const earlier = normBefore(call);
      const rank = call.inputs[0]?.shape?.length;
      if (earlier === undefined || earlier.layer.type !== call.layer.type || earlier.layer === call.layer) continue;
      if (!sameAxes(earlier, call, rank)) continue;
      const weights = call.layer.weights?.length ?? (isBatchNorm(call.layer) ? 4 : 2);
      const channels = call.inputs[0]?.shape?.at(-1)?.dim;
      const wasted = typeof channels === 'number' ? weights * channels : undefined;
      report({
        at: call.layer.at,
        about: call.layer,
        message: `${call.layer.type} straight on ${earlier.layer.type}: its input is normalised already${wasted === undefined ? '' : ` (${wasted} wasted parameters)`}`,
        advice:
          'The first layer leaves mean β and standard deviation γ over just the values that the second one takes its statistics from; the second undoes that γ and β and applies its own. Delete one of them, or put the activation that was meant between them.',
        facts: wasted === undefined ? {} : { wastedParameters: wasted },
        related: [{ at: earlier.layer.at, message: 'normalised here already' }],
      });
    }
  },
};

function normBefore(call: LayerCallFact): LayerCallFact | undefined {
  let at = before(call);
  while (at !== undefined && isActivation(at.layer) && activationOf(at.layer) === 'linear') at = before(at);
  return at !== undefined && isNorm(at.layer) ? at : undefined;
}

function sameAxes(a: LayerCallFact, b: LayerCallFact, rank: number | undefined): boolean {
  // Of unknown rank the axes are the same only where both are the default.
  if (rank === undefined)
    return !a.layer.options.has('axis') && !b.layer.options.has('axis') && !a.layer.optionsOpen && !b.layer.optionsOpen;
  const [x, y] = [statisticsAxes(a.layer, rank), statisticsAxes(b.layer, rank)];
  return x !== undefined && y !== undefined && x.length === y.length && x.every((axis) => y.includes(axis));
}

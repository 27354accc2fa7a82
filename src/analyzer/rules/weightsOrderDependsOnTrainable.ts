import type { LayerFact, ModelFact, TrainableFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm, option } from './layers';
import type { Rule } from './rule';

export const weightsOrderDependsOnTrainable: Rule = {
  id: 'NL115',
  name: 'weights-order-depends-on-trainable',
  severity: 'error',
  summary: 'Weights are copied between models whose trainable flags differ, so that they come in another order',
  check(trace, report) {
    const flags = new Map<LayerFact | ModelFact, boolean | undefined>();
    for (const fact of trace.facts) {
      if (fact.kind === 'trainable') flags.set(fact.target, (fact as TrainableFact).value);
      if (fact.kind !== 'weightsCopy' || fact.which !== 'all' || fact.from === undefined || fact.from === fact.to)
        continue;
      const [from, to] = [weightOrder(trace, fact.from, flags), weightOrder(trace, fact.to, flags)];
      if (from === undefined || to === undefined || from.length !== to.length) continue;
      const at = from.findIndex((weight, i) => weight !== to[i]);
      if (at < 0) continue;
      report({
        at: fact.at,
        message: `Weight ${at} is ${from[at]} in the source but ${to[at]} in the target: their trainable flags differ`,
        advice:
          'getWeights() and setWeights() list the trainable weights first, then the others. With other trainable flags the same layers come in another order, and where shapes agree (γ, β, mean and variance of a batch norm all have [C]) the weights are mixed up without an error. Set the same flags on both before copying, and freeze afterwards.',
        facts: { index: at, source: from[at] ?? '', target: to[at] ?? '' },
      });
    }
  },
};

type Flags = ReadonlyMap<LayerFact | ModelFact, boolean | undefined>;

/** The weights in the order of tfjs's `getWeights()`, each by its layer's position and its own; undefined where a flag is not known. */
export function weightOrder(trace: Trace, target: LayerFact | ModelFact, flags: Flags): readonly string[] | undefined {
  const layers = 'calls' in target ? target.layers : [target];
  const within = 'calls' in target ? trace.layersWithin(target) : layers;
  if (!within.some(isBatchNorm)) return undefined;
  const trainable: string[] = [];
  const others: string[] = [];
  // On a model the setter reaches the layers' variables, so all of them count as not trainable.
  const all = 'calls' in target ? flagOf(target, true, flags) : true;
  // Counted among layers that have weights: one model may have an input layer that the other leaves to inputShape.
  let position = 0;
  for (const layer of layers) {
    const own = flagOf(layer, option(layer, 'trainable', true) !== false, flags);
    if (own === undefined || all === undefined || layer.weights === undefined || layer.model !== undefined)
      return undefined;
    for (const weight of layer.weights) {
      const list = all && own && weight.trainable ? trainable : others;
      list.push(`${weight.name.replace(/^.*\//, '')} of layer ${position}`);
    }
    if (layer.weights.length > 0) position += 1;
  }
  return [...trainable, ...others];
}

function flagOf(target: LayerFact | ModelFact, initial: boolean, flags: Flags): boolean | undefined {
  return flags.has(target) ? flags.get(target) : initial;
}

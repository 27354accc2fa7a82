import type { LayerCallFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { activationOf, before, isActivation, isAffine, isBatchNorm } from './layers';
import type { Rule } from './rule';

const isCurve = (activation: string | undefined): activation is string =>
  activation !== undefined && activation !== 'linear';

/** What people call the activation: a layer of its own by its factory's name, except relu. */
const named = ({ layer }: LayerCallFact, activation: string): string =>
  isActivation(layer) && layer.type !== 'activation' && activation !== 'relu' ? layer.type : activation;

/** The activation that the call's input went through last, in a layer of its own or in an affine one. */
export function activationBefore(
  call: LayerCallFact,
): { readonly call: LayerCallFact; readonly activation: string } | undefined {
  const previous = before(call);
  if (previous === undefined || !(isActivation(previous.layer) || isAffine(previous.layer))) return undefined;
  const activation = activationOf(previous.layer);
  return isCurve(activation) ? { call: previous, activation: named(previous, activation) } : undefined;
}

function activationAfter(trace: Trace, call: LayerCallFact): string | undefined {
  const [next, ...more] = call.outputs.flatMap((output) => trace.consumersOf(output));
  if (next?.kind !== 'layerCall' || more.length > 0 || !isActivation(next.layer)) return undefined;
  const activation = activationOf(next.layer);
  // A softmax makes probabilities of what the network gives: it is no second activation of the block.
  return isCurve(activation) && activation !== 'softmax' ? named(next, activation) : undefined;
}

export const reluBnRelu: Rule = {
  id: 'NL305',
  name: 'relu-bn-relu',
  severity: 'information',
  summary: 'An activation before and after a batch norm: the second clips what the first already clipped',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      if (!isBatchNorm(call.layer)) continue;
      const first = activationBefore(call);
      const second = first === undefined ? undefined : activationAfter(trace, call);
      if (first === undefined || second === undefined) continue;
      report({
        at: call.layer.at,
        about: call.layer,
        message: `Batch norm stands between two activations, ${first.activation} and ${second}`,
        advice:
          'Usual is one activation a block, after the norm (conv → norm → relu) or before it (conv → relu → norm). With both, the norm centres what the first has bent already, and the second bends it again; of two relus each throws about half of the values away.',
        facts: { before: first.activation, after: second },
        related: [{ at: first.call.layer.at, message: `${first.activation} here already` }],
      });
    }
  },
};

import type { LayerFact } from '../trace/facts';
import { isAffine, isNorm } from './layers';
import type { Rule } from './rule';
import { called } from './words';

const WEIGHTED = /^(embedding|lstm|gru|simpleRNN|convLstm2d|bidirectional|prelu)$/;
const WHERE = { call: 'call()', gradient: 'a training step' } as const;

export const layerMadeInForward: Rule = {
  id: 'NL119',
  name: 'layer-made-in-forward',
  severity: 'error',
  summary:
    'A layer with weights is made inside the forward pass: it has fresh weights on every run, none of them trained',
  check(trace, report) {
    for (const { layer, certain, gradient, activation } of trace.of('layerMade')) {
      const { madeIn } = layer;
      // A function that runs inside a gradient is a training step, whatever its role.
      const role = gradient !== undefined && madeIn === activation ? 'gradient' : madeIn?.role;
      if (madeIn === undefined || !certain || (role !== 'call' && role !== 'gradient') || !hasWeights(layer)) continue;
      const inside = madeIn.owner === undefined ? WHERE[role] : `${madeIn.owner}.${madeIn.name ?? 'call'}()`;
      report({
        at: layer.at,
        about: layer,
        message: `This ${called(layer)} is made anew on every run of ${inside}: its weights are never trained`,
        advice:
          'Each run makes a new layer with initial weights, uses it once and forgets it, so nothing that it learned is kept (and, for a batch norm, the running statistics stay at 0 and 1). Make the layer once, in the constructor or in `build()`, keep it in a field, and only apply it here.',
        facts: { layer: called(layer) },
        related: [{ at: madeIn.at, message: 'this runs on every step' }],
      });
    }
  },
};

function hasWeights(layer: LayerFact): boolean {
  if (layer.weights !== undefined) return layer.weights.length > 0;
  return isNorm(layer) || isAffine(layer) || WEIGHTED.test(layer.type);
}

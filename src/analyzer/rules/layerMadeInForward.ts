import type { ActivationFact, LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isAffine, isNorm } from './layers';
import { closingOf } from './rewrites';
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
      if (isKept(trace, layer, madeIn)) continue;
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

/** Made on the first run only, and kept: `this.norm ??= …`, `if (!this.norm) this.norm = …`, `cache[key] || (cache[key] = …)`. */
function isKept(trace: Trace, { at }: LayerFact, madeIn: ActivationFact): boolean {
  const inside = madeIn.at.file === at.file && madeIn.at.start < at.start;
  const before = trace.source(at.file).slice(inside ? madeIn.at.start : 0, at.start);
  if (/(?:\?\?|\|\|)=?\s*\(?\s*$/.test(before)) return true;
  const stored = /(const|let|var)?\s*[\w$.\])'"]+\s*=\s*$|\.(?:set|push)\((?:[^()]*,)?\s*$/.exec(before);
  return stored !== null && stored[1] === undefined && isUnderCondition(before);
}

/** Whether what follows the text is the body of an `if` in it, or a part of that body. */
function isUnderCondition(text: string): boolean {
  return [...text.matchAll(/\bif\s*\(/g)].some(({ index, 0: head }) => {
    const close = closingOf(text, index + head.length);
    const body = close === undefined ? undefined : text.slice(close + 1).trimStart();
    if (body === undefined) return false;
    return body.startsWith('{') ? closingOf(body, 1) === undefined : !body.includes(';');
  });
}

function hasWeights(layer: LayerFact): boolean {
  if (layer.weights !== undefined) return layer.weights.length > 0;
  return isNorm(layer) || isAffine(layer) || WEIGHTED.test(layer.type);
}

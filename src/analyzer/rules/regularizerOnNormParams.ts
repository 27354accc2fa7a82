import { isNorm, optionPlace } from './layers';
import type { Rule } from './rule';

export const regularizerOnNormParams: Rule = {
  id: 'NL304',
  name: 'regularizer-on-norm-params',
  severity: 'information',
  summary: 'Weight decay on γ or β of a normalization',
  check(trace, report) {
    for (const { layer } of trace.of('layerMade')) {
      if (!isNorm(layer)) continue;
      for (const [key, parameter] of [
        ['gammaRegularizer', 'γ'],
        ['betaRegularizer', 'β'],
      ] as const) {
        const value = layer.options.get(key)?.value;
        if (value === undefined || value === null) continue;
        report({
          at: optionPlace(layer, key),
          about: layer,
          message: `${key} pulls ${parameter} to 0${parameter === 'γ' ? ', and with it the whole output of the layer' : ''}`,
          advice:
            'γ and β are one number a channel and set the scale and level that the next layer sees; decay on them limits no capacity but shrinks the signal, and common recipes leave normalization parameters out of weight decay (arXiv 1812.01187, “no bias decay”).',
          facts: { option: key },
        });
      }
    }
  },
};

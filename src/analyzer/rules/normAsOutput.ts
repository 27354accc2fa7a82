import type { LayerCallFact, ModelFact } from '../trace/facts';
import { activationOf, before, isActivation, isNorm, layerCallOf } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';

export const normAsOutput: Rule = {
  id: 'NL302',
  name: 'norm-as-output',
  severity: 'information',
  summary: 'The output of a model that is trained is a normalization, or the softmax of one',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const model of usage.models) {
      // Only what is trained as it stands: the output of an encoder may well be normalised.
      if (usage.compiles(model).length === 0 || usage.enclosing(model).length > 1) continue;
      for (const norm of normsAtTheEnd(model)) {
        const softmax = norm.outputs[0] !== undefined && !model.outputs.includes(norm.outputs[0]);
        report({
          at: norm.layer.at,
          about: norm.layer,
          message: softmax
            ? `${norm.layer.type} straight before the softmax: the logits are forced to a spread of γ`
            : `${norm.layer.type} is the output of the model: predictions are forced to mean β and spread γ`,
          advice:
            'A normalization as the last step takes from the model its freedom to choose the level and the scale of its outputs: a regression cannot reach its targets unless γ and β happen to match them, and a classifier cannot become more certain than γ allows; under batch norm one sample’s output also depends on the others. Normalise before the last dense or convolution layer.',
          facts: { layer: norm.layer.type },
        });
      }
    }
  },
};

function normsAtTheEnd(model: ModelFact): readonly LayerCallFact[] {
  return model.outputs.flatMap((output) => {
    const call = layerCallOf(output);
    if (call === undefined) return [];
    if (isNorm(call.layer)) return [call];
    const previous = isActivation(call.layer) && activationOf(call.layer) === 'softmax' ? before(call) : undefined;
    return previous !== undefined && isNorm(previous.layer) ? [previous] : [];
  });
}

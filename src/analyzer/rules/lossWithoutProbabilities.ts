import { activationOf, lastOf } from './outputs';
import type { Rule } from './rule';
import { mayTrain } from './usage';
import { called } from './words';

/** What an output must be for the loss, and the activation that makes it that. */
const WANTED: Readonly<Record<string, string>> = {
  binaryCrossentropy: 'sigmoid',
  categoricalCrossentropy: 'softmax',
  sparseCategoricalCrossentropy: 'softmax',
  kullbackLeiblerDivergence: 'softmax',
};

/** Activations whose values leave [0, 1]. */
const OUTSIDE = new Set([
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'tanh',
  'softplus',
  'softsign',
  'swish',
  'gelu',
  'mish',
]);

export const lossWithoutProbabilities: Rule = {
  id: 'NL224',
  name: 'loss-without-probabilities',
  severity: 'warning',
  summary: 'A cross-entropy takes probabilities, but the output has no sigmoid or softmax',
  check(trace, report) {
    for (const fact of trace.of('compile')) {
      const { value: loss, at } = fact.options.get('loss') ?? {};
      const wanted = typeof loss === 'string' ? WANTED[loss] : undefined;
      if (wanted === undefined || !fact.certain || !mayTrain(trace, fact)) continue;
      const layer = lastOf(fact.model);
      const activation = layer === undefined ? undefined : activationOf(layer);
      if (layer === undefined || activation === undefined || !OUTSIDE.has(activation)) continue;
      const said = activation === 'linear' ? 'no activation' : activation;
      report({
        at: at ?? fact.at,
        message: `${loss} takes probabilities, but the output of ${called(layer)} has ${said}: it wants a ${wanted}`,
        advice: `The losses of TensorFlow.js have no \`fromLogits\`: they take what the model gives for probabilities, ${
          wanted === 'sigmoid'
            ? 'clip it to [ε, 1 − ε], and where it is outside no gradient comes back'
            : 'divide it by its sum over the classes and clip it, so negative values are lost and a sum near 0 gives NaN'
        }. Give the last layer \`activation: '${wanted}'\`, or use a loss of your own on logits (\`tf.losses.${
          wanted === 'sigmoid' ? 'sigmoidCrossEntropy' : 'softmaxCrossEntropy'
        }\`).`,
        facts: { loss: String(loss), activation },
        related: [{ at: layer.at, message: 'the output is made here' }],
      });
    }
  },
};

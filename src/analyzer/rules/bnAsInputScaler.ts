import { showShape } from '../shapes/shape';
import type { ModelFact } from '../trace/facts';
import { FORGOTTEN, initialShare, varianceNoise } from './formulas';
import { isBatchNorm, layerCallOf, numberOption, valuesPerStatistic } from './layers';
import type { Rule } from './rule';
import { type Training, Usage } from './usage';
import { count, percent } from './words';

/** Below this many values a mean of the inputs is no scaler. */
const FEW = 32;

export const bnAsInputScaler: Rule = {
  id: 'NL314',
  name: 'bn-as-input-scaler',
  severity: 'information',
  summary: 'Batch norm as the first layer scales the inputs with statistics of few samples or few steps',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const model of usage.models) {
      for (const call of model.calls) {
        const [input] = call.inputs;
        if (!isBatchNorm(call.layer) || input === undefined || !isInput(model, call)) continue;
        for (const training of usage.trainings(model)) {
          const reason = weakness(training, call);
          if (reason === undefined) continue;
          report({
            at: call.layer.at,
            about: call.layer,
            message: `Batch norm scales the raw inputs ${showShape(input.shape)} with ${reason.words}`,
            advice:
              'As the first layer batch norm stands in for standardising the data, but its mean and variance come from one batch in training and from a moving average in prediction. Compute mean and standard deviation over the training set once and subtract and divide with those: exact, the same in training and prediction, and independent of the batch size.',
            facts: reason.facts,
            related: [{ at: training.fact.at, message: 'trained here' }],
          });
          break;
        }
      }
    }
  },
};

type Call = ModelFact['calls'][number];

function isInput(model: ModelFact, call: Call): boolean {
  const [input] = call.inputs;
  if (input === undefined) return false;
  return model.inputs.includes(input) || layerCallOf(input)?.layer.type === 'inputLayer';
}

function weakness(
  training: Training,
  call: Call,
): { readonly words: string; readonly facts: Record<string, number> } | undefined {
  const m = valuesPerStatistic(call.layer, call.inputs[0]?.shape ?? null, training.batch);
  if (typeof m === 'number' && m > 1 && m < FEW) {
    const noise = varianceNoise(m);
    return {
      words: `statistics of m = ${m} values (variance ± ${percent(noise)})`,
      facts: { m, relativeDeviation: noise },
    };
  }
  const momentum = numberOption(call.layer, 'momentum', 0.99);
  const { fact } = training;
  const steps = fact.kind === 'train' && !fact.looped ? fact.steps : undefined;
  if (momentum === undefined || typeof steps !== 'number' || steps < 1) return undefined;
  const share = initialShare(momentum, steps);
  if (share <= FORGOTTEN) return undefined;
  return { words: `running statistics of ${count(steps, 'step')}`, facts: { steps, initialShare: share } };
}

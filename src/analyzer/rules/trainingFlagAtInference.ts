import type { ActivationFact, ModelCallFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { deleteProperty } from './edits';
import { isBatchNorm } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';
import { count } from './words';

const TRAINING_NAME = /train|loss|step|fit|grad|forward|learn|optimi[sz]|update|epoch|generat|discrimin|critic/i;

export const trainingFlagAtInference: Rule = {
  id: 'NL205',
  name: 'training-flag-at-inference',
  severity: 'warning',
  summary:
    '{training: true} outside training: the output depends on the batch, and the running statistics are overwritten',
  check(trace, report) {
    const usage = Usage.of(trace);
    const training = activationsThatTrain(trace);
    for (const fact of trace.of('modelCall')) {
      if (fact.mode !== 'train' || fact.gradient !== undefined || fact.trainingFlag?.value !== true) continue;
      const norms = usage.layersWithin(fact.model).filter(isBatchNorm);
      if (norms.length === 0 || isTraining(trace, fact, training)) continue;
      const at = fact.trainingFlag.at;
      report({
        at: fact.at,
        about: norms[0],
        message: `{training: true} outside a gradient: ${count(norms.length, 'batch norm')} use this batch and overwrite their statistics`,
        advice:
          'With the training flag batch normalization takes mean and variance from the batch at hand, so the output of one sample depends on the others, and every call moves the running statistics. Leave the flag out (or use `predict`) where nothing is trained. To draw Monte Carlo samples through dropout, keep batch norm out of that part.',
        facts: { layers: norms.length },
        related: norms.slice(0, 1).map((layer) => ({ at: layer.at, message: 'overwrites its running statistics' })),
        fixes:
          at === undefined
            ? []
            : [{ title: 'Drop training: true (inference mode)', safe: false, edits: [deleteProperty(trace, at)] }],
      });
    }
  },
};

/**
 * Functions in which something is trained by hand: a forward pass there belongs to it. One `fit` is a step of its own, which
 * leaves nothing to do beside it; fit in a loop may alternate with it, as in a GAN.
 */
function activationsThatTrain(trace: Trace): ReadonlySet<ActivationFact | undefined> {
  const alternating = trace.of('train').filter((fact) => fact.api === 'trainOnBatch' || fact.looped);
  const kinds = [...trace.of('gradientRegion'), ...trace.of('optimizerStep'), ...alternating];
  return new Set(kinds.map((fact) => fact.activation));
}

function isTraining(trace: Trace, fact: ModelCallFact, training: ReadonlySet<ActivationFact | undefined>): boolean {
  if (training.has(fact.activation)) {
    // A script trains and uses models side by side: there, a step is one that knows this model.
    if (fact.activation !== undefined) return true;
    const inStep = trace.of('modelCall').some((call) => call.model === fact.model && call.gradient !== undefined);
    if (inStep || trace.of('train').some((train) => train.model === fact.model)) return true;
  }
  if (TRAINING_NAME.test(`${fact.activation?.owner ?? ''} ${fact.activation?.name ?? ''}`)) return true;
  return fact.outputs.some((output) => trace.consumersOf(output).some((consumer) => consumer.gradient !== undefined));
}

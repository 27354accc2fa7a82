/** Whether a call with the training flag belongs to training. */
import type { ActivationFact, ModelCallFact } from '../trace/facts';
import type { Trace } from '../trace/trace';

const TRAINING_NAME = /train|loss|step|fit|grad|forward|learn|optimi[sz]|update|epoch|generat|discrimin|critic/i;

/** Whether `{training: true}` was given where nothing is trained, as far as code and names tell. */
export function isFlaggedAtInference(trace: Trace, fact: ModelCallFact): boolean {
  if (fact.mode !== 'train' || fact.gradient !== undefined || fact.trainingFlag?.value !== true) return false;
  return !isTraining(trace, fact);
}

const caches = new WeakMap<Trace, ReadonlySet<ActivationFact | undefined>>();

function activationsOf(trace: Trace): ReadonlySet<ActivationFact | undefined> {
  const known = caches.get(trace) ?? activationsThatTrain(trace);
  caches.set(trace, known);
  return known;
}

/**
 * Functions in which something is trained by hand: a forward pass there belongs to it. One `fit` is a step of its own, which
 * leaves nothing to do beside it; fit in a loop may alternate with it, as in a GAN.
 */
function activationsThatTrain(trace: Trace): ReadonlySet<ActivationFact | undefined> {
  const alternating = trace.of('train').filter((fact) => fact.api === 'trainOnBatch' || fact.looped);
  const kinds = [...trace.of('gradientRegion'), ...trace.of('optimizerStep'), ...alternating];
  return new Set(kinds.map((fact) => fact.activation));
}

function isTraining(trace: Trace, fact: ModelCallFact): boolean {
  if (activationsOf(trace).has(fact.activation)) {
    // A script trains and uses models side by side: there, a step is one that knows this model.
    if (fact.activation !== undefined) return true;
    const inStep = trace.of('modelCall').some((call) => call.model === fact.model && call.gradient !== undefined);
    if (inStep || trace.of('train').some((train) => train.model === fact.model)) return true;
  }
  if (TRAINING_NAME.test(`${fact.activation?.owner ?? ''} ${fact.activation?.name ?? ''}`)) return true;
  return fact.outputs.some((output) => trace.consumersOf(output).some((consumer) => consumer.gradient !== undefined));
}

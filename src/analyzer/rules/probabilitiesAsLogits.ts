import type { OpFact, OptionValue, Place, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { activationOf, lastOf, makerOf } from './outputs';
import { opOf } from './provenance';
import type { Rule, RuleFinding } from './rule';
import { mayTrain } from './usage';

/** The losses that apply an activation themselves, and which. */
const APPLIES: Readonly<Record<string, string>> = {
  'losses.softmaxCrossEntropy': 'softmax',
  'losses.sigmoidCrossEntropy': 'sigmoid',
};

/** Ops that leave values as they are. */
const THROUGH = new Set(['reshape', 'squeeze', 'expandDims', 'cast', 'clone', 'flatten', 'as1D', 'as2D', 'toFloat']);

interface Made {
  readonly by: string;
  readonly at: Place;
}

export const probabilitiesAsLogits: Rule = {
  id: 'NL225',
  name: 'probabilities-as-logits',
  severity: 'warning',
  summary: 'A loss on logits gets what went through a softmax or sigmoid already',
  check(trace, report) {
    for (const op of trace.of('op')) {
      const wanted = APPLIES[op.name];
      if (wanted === undefined || !op.certain) continue;
      const made = madeBy(trace, op.operands.get('logits'));
      if (made?.by === wanted) report(finding(op.name, wanted, op.args.get('logits')?.at ?? op.at, made.at, op));
    }
    for (const fact of trace.of('compile')) {
      const { value, at } = fact.options.get('loss') ?? {};
      const name = nameOf(value);
      const wanted = name === undefined ? undefined : APPLIES[name];
      if (name === undefined || wanted === undefined || !fact.certain || !mayTrain(trace, fact)) continue;
      const layer = lastOf(fact.model);
      // Over one value a softmax has a greater fault (NL223).
      const single = wanted === 'softmax' && fact.model.outputs[0]?.shape?.at(-1)?.dim === 1;
      if (layer !== undefined && activationOf(layer) === wanted && !single)
        report(finding(name, wanted, at ?? fact.at, layer.at));
    }
  },
};

function finding(loss: string, activation: string, at: Place, made: Place, about?: OpFact): RuleFinding {
  return {
    at,
    ...(about === undefined ? {} : { about }),
    message: `${loss.slice('losses.'.length)} applies ${activation} itself: these values went through one already`,
    advice: `Probabilities lie in [0, 1], so a second ${activation} flattens them: ${
      activation === 'softmax'
        ? 'over K classes the loss cannot fall below ln(1 + (K − 1)/e), 1.46 for ten, however sure the model is'
        : 'the loss cannot fall below ln(1 + 1/e) = 0.31 for a positive and ln 2 = 0.69 for a negative, however sure the model is'
    }, and gradients shrink. Hand over what comes before the ${activation}, or use a loss on probabilities (\`${
      activation === 'softmax' ? 'categoricalCrossentropy' : 'binaryCrossentropy'
    }\`).`,
    facts: { loss, activation },
    related: [{ at: made, message: `the ${activation} that was applied` }],
  };
}

/** The activation that values went through last, where nothing changed them since. */
function madeBy(trace: Trace, logits: TensorFact | undefined): Made | undefined {
  let tensor = logits;
  for (let op = opOf(tensor); op !== undefined && THROUGH.has(op.name); op = opOf(tensor))
    tensor = op.operands.values().next().value;
  const op = opOf(tensor);
  if (op !== undefined) return { by: op.name, at: op.at };
  const call = trace.of('modelCall').find(({ outputs }) => tensor !== undefined && outputs.includes(tensor));
  const layer = call === undefined ? makerOf(tensor) : lastOf(call.model);
  const by = layer === undefined ? undefined : activationOf(layer);
  return layer === undefined || by === undefined ? undefined : { by, at: layer.at };
}

function nameOf(value: OptionValue | undefined): string | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'object'
    ? value.name
    : undefined;
}

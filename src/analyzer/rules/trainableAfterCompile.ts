import type { CompileFact, LayerFact, ModelFact, Place, TrainFact } from '../trace/facts';
import { option } from './layers';
import type { Rule, RuleFinding } from './rule';
import { Usage } from './usage';
import { called } from './words';

/** `trainable` as last set, with the place; absent where it never was. */
type Flags = ReadonlyMap<LayerFact | ModelFact, { readonly value: boolean | undefined; readonly at: Place }>;

interface Compiled {
  readonly fact: CompileFact;
  readonly flags: Flags;
}

/**
 * What `compile` collects is what was trainable then; of that, `fit` trains what is trainable now (tfjs-layers collects
 * `trainableWeights` in compile, tfjs-core drops variables whose own flag is off). So thawing afterwards does nothing, and
 * freezing takes effect at once: the GAN of Keras, which freezes a compiled discriminator and goes on to train it, throws.
 */
export const trainableAfterCompile: Rule = {
  id: 'NL218',
  name: 'trainable-after-compile',
  severity: 'warning',
  summary: 'trainable is set after compile: thawing has no effect then, and training a frozen model throws',
  check(trace, report) {
    const usage = Usage.of(trace);
    const compiled = new Map<ModelFact, Compiled>();
    let flags: Flags = new Map();
    for (const fact of trace.facts) {
      if (fact.kind === 'trainable') flags = new Map(flags).set(fact.target, { value: fact.value, at: fact.at });
      if (fact.kind === 'compile') compiled.set(fact.model, { fact, flags });
      const before = fact.kind === 'train' ? compiled.get(fact.model) : undefined;
      if (fact.kind !== 'train' || before === undefined || flags.size === 0) continue;
      for (const finding of judge(usage, fact, before, flags)) report(finding);
    }
  },
};

function* judge(usage: Usage, fact: TrainFact, compiled: Compiled, now: Flags): Generator<RuleFinding> {
  const { model } = fact;
  // The flag of a model does not reach models inside it, so with those the count is not certain.
  const plain = model.layers.every((layer) => layer.model === undefined) && model.exact;
  const frozen = now.get(model)?.value === false ? now.get(model) : undefined;
  if (frozen !== undefined && plain) {
    yield {
      at: fact.at,
      severity: 'error',
      message: `${fact.api}() throws: trainable = false has frozen every weight of this model, compiled or not`,
      advice:
        'In Keras a model keeps training what it was compiled with; in TensorFlow.js `trainable = false` takes effect at once (“variableGrads() expects at least one of the input variables to be trainable”). In a GAN set `discriminator.trainable = true` before it is trained and `false` before the combined model is.',
      facts: { api: fact.api },
      related: [{ at: frozen.at, message: 'frozen here' }],
    };
    return;
  }
  for (const [target, { value, at }] of now) {
    if (value !== true || !isPartOf(usage, target, model)) continue;
    const then = compiled.flags.get(target)?.value ?? ('calls' in target ? true : option(target, 'trainable', true));
    if (then !== false) continue;
    yield {
      at,
      message: `trainable = true comes after compile(): ${fact.api}() does not train this ${'calls' in target ? 'model' : called(target)}`,
      advice:
        '`compile` collects the weights that are trainable at that moment, and `fit` trains no others (TensorFlow.js prints “Discrepancy between trainableweights and collected trainable weights”). Call `compile` again after thawing layers.',
      facts: { api: fact.api },
      related: [
        { at: compiled.fact.at, message: 'compiled here, while frozen' },
        { at: fact.at, message: 'trained here' },
      ],
    };
  }
}

function isPartOf(usage: Usage, target: LayerFact | ModelFact, model: ModelFact): boolean {
  return 'calls' in target ? usage.enclosing(target).includes(model) : usage.holders(target).includes(model);
}

import type { CompileFact, LayerFact, ModelFact } from '../trace/facts';
import type { Rule } from './rule';
import { Usage } from './usage';

export const trainableAfterCompile: Rule = {
  id: 'NL218',
  name: 'trainable-after-compile',
  severity: 'warning',
  summary: 'trainable is set between compile and fit: compile has already collected the weights to train',
  check(trace, report) {
    const usage = Usage.of(trace);
    /** For each compiled model, what was set on its layers since. */
    const compiled = new Map<ModelFact, CompileFact>();
    let pending: {
      readonly target: LayerFact | ModelFact;
      readonly at: CompileFact['at'];
      readonly value: boolean | undefined;
    }[] = [];
    for (const fact of trace.facts) {
      if (fact.kind === 'compile') {
        compiled.set(fact.model, fact);
        // A compile of any model that holds the target says that the flag was meant for that one.
        pending = pending.filter(({ target }) => !isPartOf(usage, target, fact.model));
      } else if (fact.kind === 'trainable' && fact.value !== undefined) {
        pending = pending.filter(({ target }) => target !== fact.target);
        if ([...compiled.keys()].some((model) => isPartOf(usage, fact.target, model))) {
          pending.push({ target: fact.target, at: fact.at, value: fact.value });
        }
      } else if (fact.kind === 'train') {
        const compile = compiled.get(fact.model);
        if (compile === undefined) continue;
        for (const set of pending.filter(({ target }) => isPartOf(usage, target, fact.model))) {
          report({
            at: set.at,
            message: `trainable = ${set.value} comes after compile(): ${fact.api}() still trains what compile() collected`,
            advice:
              '`compile` makes the list of weights to train, and `fit` uses that list; flags that are set later have no effect until the model is compiled again (TensorFlow.js prints a warning). Set `trainable` first, or call `compile` again.',
            facts: { value: String(set.value) },
            related: [
              { at: compile.at, message: 'compiled here' },
              { at: fact.at, message: 'trained here' },
            ],
          });
        }
        pending = pending.filter(({ target }) => !isPartOf(usage, target, fact.model));
      }
    }
  },
};

function isPartOf(usage: Usage, target: LayerFact | ModelFact, model: ModelFact): boolean {
  return 'calls' in target ? usage.enclosing(target).includes(model) : usage.holders(target).includes(model);
}

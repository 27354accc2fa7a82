import type { MemberFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import type { Rule } from './rule';

/** What comes of it, with the name that the code has for its inputs. */
function consequence(trace: Trace, { at, member }: MemberFact): string {
  const text = trace.text(at).replace(/\s+/g, ' ');
  const [, callee] = /^([\w$.]+)\(/.exec(text) ?? [];
  if (callee !== undefined) return `${callee} takes one tensor`;
  return `${/^[\w$]+!?\??\.[\w$]+$/.test(text) ? text : `inputs.${member}`} is undefined`;
}

export const callInputsArray: Rule = {
  id: 'NL121',
  name: 'call-inputs-array',
  severity: 'error',
  summary: 'The call of a custom layer takes its inputs for a tensor where TensorFlow.js passes a list, or the reverse',
  check(trace, report) {
    for (const fact of trace.of('member')) {
      if (fact.owner !== 'inputs' || fact.exists) continue;
      const asTensor = fact.how === 'property';
      report({
        at: fact.at,
        message: asTensor
          ? `call(inputs) gets a list of tensors from fit and predict: ${consequence(trace, fact)}`
          : 'call(inputs) gets one tensor here: it cannot be indexed or taken apart like a list',
        advice:
          'A model hands its layers a list of tensors, even for one input; `layer.apply(tensor)` hands on what it was given. Take both: `const x = Array.isArray(inputs) ? inputs[0] : inputs;`.',
        facts: { member: fact.member },
      });
    }
  },
};

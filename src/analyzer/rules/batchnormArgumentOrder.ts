import type { OpFact, OptionFact, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace } from './edits';
import { opOf } from './provenance';
import type { Rule } from './rule';

const SCALE = /^(.*[._])?(gamma|scale|gain|weight)s?\d*(\.read\(\))?$|(Gamma|Scale)$/i;
const OFFSET = /^(.*[._])?(beta|offset|bias|shift|center)(es)?\d*(\.read\(\))?$|(Beta|Offset|Bias)$/i;

export const batchnormArgumentOrder: Rule = {
  id: 'NL107',
  name: 'batchnorm-argument-order',
  severity: 'error',
  summary: 'tf.batchNorm takes offset (β) before scale (γ), and ε last',
  check(trace, report) {
    for (const op of trace.of('op')) {
      if (!/^batchNorm([234]d)?$/.test(op.name)) continue;
      const fourth = op.args.get('offset');
      const fifth = op.args.get('scale');
      const number = fourth?.value;
      if (typeof number === 'number' && number > 0 && number < 1) {
        const sixth = op.args.get('varianceEpsilon');
        report({
          at: fourth?.at ?? op.at,
          about: op,
          message: `The 4th argument of tf.${op.name} is offset (β), but ${number} looks like ε, which comes 6th`,
          advice:
            'The order is (x, mean, variance, offset, scale, varianceEpsilon). Before TensorFlow.js 1.0 it was (x, mean, variance, varianceEpsilon, scale, offset); code from that time passes ε for β.',
          facts: { value: number },
          fixes: rotate(trace, fourth, fifth, sixth),
        });
        continue;
      }
      if (fourth === undefined || fifth === undefined) continue;
      const [a, b] = [wordOf(trace, fourth), wordOf(trace, fifth)];
      if (!SCALE.test(a) || !OFFSET.test(b) || contradicted(op)) continue;
      report({
        at: fourth.at ?? op.at,
        about: op,
        message: `tf.${op.name} takes offset (β) before scale (γ): ${a} and ${b} are swapped`,
        advice:
          'The order is (x, mean, variance, offset, scale, varianceEpsilon). Swapped, every channel is multiplied by β (0 at the start, so the output is a constant) and γ is added.',
        facts: { fourth: a, fifth: b },
        fixes: swap(trace, fourth, fifth),
      });
    }
  },
};

/** The last name in the argument's text: `gamma` of `this.gamma.read()`. */
function wordOf(trace: Trace, argument: OptionFact): string {
  if (argument.at === undefined) return '';
  const text = trace
    .text(argument.at)
    .replace(/^this\./, '')
    .replace(/[!\s]/g, '');
  return /^[\w$.]+(\(\))?$/.test(text) ? text : '';
}

/** A name may lie: where the fourth was made of zeros, or the fifth of ones, they are in the right order after all. */
function contradicted(op: OpFact): boolean {
  const made = (tensor: TensorFact | undefined): string | undefined => {
    const op = opOf(tensor);
    return op?.name === 'variable' ? opOf([...op.operands.values()][0])?.name : op?.name;
  };
  return /^zeros/.test(made(op.operands.get('offset')) ?? '') || /^ones/.test(made(op.operands.get('scale')) ?? '');
}

function swap(trace: Trace, fourth: OptionFact, fifth: OptionFact) {
  if (fourth.at === undefined || fifth.at === undefined) return [];
  const edits = [replace(fourth.at, trace.text(fifth.at)), replace(fifth.at, trace.text(fourth.at))];
  return [{ title: 'Swap offset and scale (the result changes)', safe: false, edits }];
}

/** (…, ε, scale, offset) → (…, offset, scale, ε). */
function rotate(
  trace: Trace,
  fourth: OptionFact | undefined,
  fifth: OptionFact | undefined,
  sixth: OptionFact | undefined,
) {
  if (fourth?.at === undefined || fifth?.at === undefined || sixth?.at === undefined) return [];
  const edits = [replace(fourth.at, trace.text(sixth.at)), replace(sixth.at, trace.text(fourth.at))];
  return [{ title: 'Put ε last (the result changes)', safe: false, edits }];
}

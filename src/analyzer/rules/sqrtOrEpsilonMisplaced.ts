import type { OpFact, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace } from './edits';
import { centredWithin, opOf, pair, type Spread, spreadOf } from './provenance';
import type { Fix, Rule, RuleFinding } from './rule';

export const sqrtOrEpsilonMisplaced: Rule = {
  id: 'NL113',
  name: 'sqrt-or-epsilon-misplaced',
  severity: 'warning',
  summary:
    'A hand-written normalization divides by the variance itself, or has its ε missing or outside the square root',
  check(trace, report) {
    for (const op of trace.of('op')) {
      const quotient = quotientOf(op);
      const spread = quotient === undefined ? undefined : spreadOf(quotient.divisor);
      if (quotient === undefined || spread === undefined) continue;
      const numerator = centredWithin(quotient.numerator);
      if (numerator === undefined || numerator.source !== spread.moment.source) continue;
      const finding = judge(trace, op, spread);
      if (finding !== undefined) report({ at: op.at, about: op, ...finding });
    }
  },
};

/** a / b, also as a · rsqrt(v). */
function quotientOf(op: OpFact): { readonly numerator: TensorFact; readonly divisor: TensorFact } | undefined {
  const divides = op.name === 'div' || op.name === 'divNoNan';
  const both = divides || op.name === 'mul' ? pair(op) : undefined;
  if (both === undefined) return undefined;
  const [a, b] = both;
  if (divides) return { numerator: a, divisor: b };
  if (isInverseRoot(b)) return { numerator: a, divisor: b };
  return isInverseRoot(a) ? { numerator: b, divisor: a } : undefined;
}

function isInverseRoot(tensor: TensorFact): boolean {
  const op = opOf(tensor);
  return op?.name === 'rsqrt' || (op?.name === 'pow' && pair(op)?.[1].scalar === -0.5);
}

function judge(trace: Trace, op: OpFact, spread: Spread): Omit<RuleFinding, 'at'> | undefined {
  if (spread.root === undefined) {
    return {
      severity: 'error',
      message: 'This divides by the variance, not by its square root: doubling x would halve the output',
      advice:
        'Normalization divides by the standard deviation. Divided by the variance σ², the output has standard deviation 1/σ instead of 1, so it grows without bound where activations are small. Write `x.sub(mean).div(variance.add(epsilon).sqrt())`.',
      fixes: takeRoot(trace, op, spread),
    };
  }
  if (spread.inside) return undefined;
  if (spread.outside === undefined) {
    if (op.name === 'divNoNan') return undefined;
    return {
      severity: 'warning',
      message: 'No ε under the square root: where a variance is 0 this gives NaN or Infinity',
      advice:
        'A feature that is constant over the batch has variance 0, and 0/0 is NaN, which then spreads through every later step. Write `variance.add(1e-5).sqrt()`, or 1e-3 as the layers of TensorFlow.js do.',
      fixes: [],
    };
  }
  if (op.gradient === undefined) return undefined;
  return {
    severity: 'warning',
    message: 'ε is added after the square root, whose gradient at a variance of 0 is infinite: training gives NaN',
    advice:
      'd√v/dv = 1/(2√v) is infinite at v = 0, and infinity times 0 is NaN in the backward pass; an ε outside the root does not help. Put it inside: `variance.add(epsilon).sqrt()`.',
    related: [{ at: spread.outside.at, message: 'ε is added here' }],
    fixes: [],
  };
}

/** The divisor gets its square root (and ε, where it has none). */
function takeRoot(trace: Trace, op: OpFact, spread: Spread): readonly Fix[] {
  const at = [...op.args.values()].at(-1)?.at;
  const text = at === undefined ? '' : trace.text(at);
  if (at === undefined || !/^[\w$.]+(\(.*\))?$/s.test(text)) return [];
  const root = spread.inside ? `${text}.sqrt()` : `${text}.add(1e-3).sqrt()`;
  return [{ title: 'Divide by the standard deviation (the result changes)', safe: false, edits: [replace(at, root)] }];
}

import type { OpFact, TensorFact } from '../trace/facts';
import { isScalar, momentOf, operands, opOf, pair } from './provenance';
import type { Rule } from './rule';

const PORT = /\bpytorch\b|\btorch(vision|\.nn)?\b|\bnn\.BatchNorm|state_dict/i;
const LIMIT = 24;

export const biasedRunningVariance: Rule = {
  id: 'NL310',
  name: 'biased-running-variance',
  severity: 'information',
  summary: 'A batch norm ported from PyTorch keeps the biased variance, where PyTorch keeps m/(m−1) of it',
  check(trace, report) {
    const ports = new Map<string, boolean>();
    for (const op of trace.of('op')) {
      if (op.name !== 'assign') continue;
      const { file } = op.at;
      if (!ports.has(file)) ports.set(file, PORT.test(trace.source(file)));
      const variance = ports.get(file) === true ? uncorrected(operands(op).at(-1)) : undefined;
      if (variance === undefined) continue;
      report({
        at: op.at,
        about: op,
        message: 'This running variance is the biased one; PyTorch’s is m/(m − 1) times as large',
        advice:
          'tf.moments divides by m. PyTorch normalises with that as well but keeps v·m/(m − 1) in running_var, so to reproduce its statistics multiply before averaging: `variance.mul(m / (m - 1))`. At m = 8 the difference is 14 %, at m = 1024 0.1 %.',
        related: [{ at: variance.at, message: 'the biased variance' }],
      });
    }
  },
};

/** The variance that goes into an average of known weights, none of which corrects it. */
function uncorrected(value: TensorFact | undefined): OpFact | undefined {
  const queue = value === undefined ? [] : [value];
  let found: OpFact | undefined;
  for (let i = 0; i < queue.length && i < LIMIT; i += 1) {
    const tensor = queue[i];
    const moment = momentOf(tensor);
    if (moment?.which === 'variance') found = moment.op;
    const op = opOf(tensor);
    // The old value, which may be the one that `tf.variable` was made of, is where a path ends.
    if (op === undefined || moment !== undefined || tensor?.variable !== undefined) continue;
    if (!/^(add|sub|mul|div)$/.test(op.name)) return undefined;
    for (const operand of pair(op) ?? []) {
      const isTensor = operands(op).includes(operand);
      // A factor that is not known, or beyond 1, may be m/(m − 1).
      if (isScalar(operand) || !isTensor) {
        if (operand.scalar === undefined || Math.abs(operand.scalar) > 1) return undefined;
      } else queue.push(operand);
    }
  }
  return found;
}

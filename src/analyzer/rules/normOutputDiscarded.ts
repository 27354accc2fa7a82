import type { LayerCallFact, OpFact, TensorFact } from '../trace/facts';
import { isNorm } from './layers';
import { opOf } from './provenance';
import type { Rule } from './rule';
import { apiOf, called } from './words';

/** Ops that do nothing but compute: with their result unused they do nothing at all. */
const PURE =
  /^(batchNorm([234]d)?|moments|add|sub|mul|div|sqrt|rsqrt|square|reshape|transpose|expandDims|squeeze|relu|softmax)$/;

export const normOutputDiscarded: Rule = {
  id: 'NL118',
  name: 'norm-output-discarded',
  severity: 'error',
  summary: 'The result of a normalization is never used: what follows goes on without it',
  check(trace, report) {
    const used = new Set(trace.of('layerCall').map((call) => call.layer));
    const discarded = new Set(trace.of('discard').map((fact) => fact.call));
    const kept = new Set(
      trace
        .of('layerCall')
        .filter((call) => !discarded.has(call))
        .map((call) => call.layer),
    );
    for (const { call, at } of trace.of('discard')) {
      if (call.kind === 'op' ? !isPureWork(call) : !isUnusedNorm(call) || !used.has(call.layer)) continue;
      // A layer that is applied again with a result that is used was only built here.
      if (call.kind === 'layerCall' && kept.has(call.layer)) continue;
      const name = call.kind === 'op' ? apiOf(call) : called(call.layer);
      report({
        at,
        about: call.kind === 'op' ? call : call.layer,
        severity: call.kind === 'op' && !/^batchNorm/.test(call.name) ? 'warning' : 'error',
        message:
          call.kind === 'op'
            ? `The result of ${name} is not used: tensors are never changed in place`
            : `The output of this ${name} is not used: the network goes on without it`,
        advice:
          call.kind === 'op'
            ? 'Every op of TensorFlow.js returns a new tensor and leaves its operands as they are. Assign the result: `x = x.sub(mean)`.'
            : '`layer.apply(x)` returns a new tensor; x itself is not normalised. Assign the result and go on with it: `x = layer.apply(x)`.',
        facts: { api: name },
      });
    }
  },
};

function isUnusedNorm(call: LayerCallFact): boolean {
  // Applied to real tensors a batch norm in training updates its statistics, and any layer is built.
  return isNorm(call.layer) && call.symbolic;
}

/** Pure, and on something that the code holds: `tf.zeros([1]).add(1)` warms a backend up. */
function isPureWork(op: OpFact): boolean {
  if (/^(batchNorm|moments)/.test(op.name)) return true;
  return (
    PURE.test(op.name) && [...op.operands.values()].some((tensor) => tensor.name !== undefined || !isConstant(tensor))
  );
}

function isConstant(tensor: TensorFact): boolean {
  if (tensor.scalar !== undefined) return true;
  const name = opOf(tensor)?.name;
  return name !== undefined && /^(zeros|ones|fill|scalar|tensor([1-6]d)?|random\w*|eye|linspace|range)$/.test(name);
}

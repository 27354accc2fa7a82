import { total } from '../shapes/dim';
import { type Axis, axisIndex, showShape } from '../shapes/shape';
import type { LayerCallFact, OpFact } from '../trace/facts';
import { normalizedPair } from './formulas';
import { isLayerNorm, normalizedAxes, numberOption } from './layers';
import { listArgument, operands } from './provenance';
import type { Rule } from './rule';
import { called, short } from './words';

const NORM_NAME = /norm(alize|alization|alisation)?\d*(d)?$|_?norm/i;

export const normOverOneElement: Rule = {
  id: 'NL210',
  name: 'norm-over-one-element',
  severity: 'error',
  summary: 'A normalization over one element (its output is β) or two (only the sign survives)',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      const n = elements(call);
      if (n !== 1 && n !== 2) continue;
      const shape = showShape(call.inputs[0]?.shape ?? null);
      const epsilon = numberOption(call.layer, 'epsilon', 1e-3) ?? 1e-3;
      report({
        at: call.layer.at,
        about: call.layer,
        severity: n === 1 ? 'error' : 'warning',
        message:
          n === 1
            ? `${called(call.layer)} of ${shape} normalises one element: its output is β whatever the input`
            : `${called(call.layer)} of ${shape} normalises two elements: only the sign of their difference survives`,
        advice: n === 1 ? ONE : `${TWO} (±${short(normalizedPair(1, epsilon))} for values 1 apart).`,
        facts: { n, epsilon },
      });
    }
    for (const op of trace.of('op')) {
      if (op.name !== 'moments' || !inNorm(op) || momentCount(op) !== 1) continue;
      report({
        at: op.at,
        about: op,
        message: `These moments of ${showShape(operands(op)[0]?.shape ?? null)} are over one element: the variance is 0, x − mean is 0`,
        advice: ONE,
        facts: { n: 1 },
      });
    }
  },
};

const ONE =
  'The mean of one value is that value, so x − mean = 0, the output is exactly β, and the gradient to everything before is exactly 0. Normalise more axes, or take the layer out where the spatial size has come down to 1.';
const TWO =
  'The mean of two values is their middle, so both come out as ±1 (times γ) however far apart they are, up to ε';

/** Elements that share a mean, for layer norm and for the user's layers that are called instance norm; undefined where unknown. */
function elements({ layer, inputs }: LayerCallFact): number | undefined {
  const shape = inputs[0]?.shape ?? null;
  if (shape === null || shape.length < 2) return undefined;
  if (isLayerNorm(layer)) return count(shape, normalizedAxes(layer, shape.length));
  if (layer.type !== 'custom' || !/instance_?norm/i.test(layer.className)) return undefined;
  if (shape.length < 3 || shape.at(-1)?.role === 'height' || shape.at(-1)?.role === 'width') return undefined;
  return count(shape, shape.map((_, i) => i).slice(1, -1));
}

function momentCount(op: OpFact): number | undefined {
  const shape = operands(op)[0]?.shape ?? null;
  if (shape === null || shape.length < 2) return undefined;
  const given = op.args.get('axis')?.value;
  if (given === undefined || given === null) return count(shape, [...shape.keys()]);
  const axes = listArgument(op, 'axis')?.map((a) => axisIndex(a, shape.length));
  return axes?.every((a) => a !== undefined) ? count(shape, axes) : undefined;
}

function count(shape: readonly Axis[], axes: readonly number[] | undefined): number | undefined {
  if (axes === undefined || axes.length === 0) return undefined;
  const n = total(axes.map((a) => shape[a]?.dim ?? '?'));
  return typeof n === 'number' ? n : undefined;
}

const inNorm = (op: OpFact): boolean => NORM_NAME.test(op.activation?.owner ?? op.activation?.name ?? '');

import { type Dim, same } from '../shapes/dim';
import { type Axis, sameShape, showShape } from '../shapes/shape';
import type { BackendFact, OpFact, TensorFact } from '../trace/facts';
import type { Rule, RuleFinding } from './rule';

const PARAMETERS = ['mean', 'variance', 'offset', 'scale'] as const;
const MODULO_BACKENDS = new Set(['cpu', 'wasm']);

export const batchnormParamShape: Rule = {
  id: 'NL106',
  name: 'batchnorm-param-shape',
  severity: 'error',
  summary: 'tf.batchNorm gets a mean, variance, offset or scale that is neither [C] nor of the shape of x',
  check(trace, report) {
    const backend = trace.of('backend').at(-1);
    for (const op of trace.of('op')) {
      if (!/^batchNorm([234]d)?$/.test(op.name)) continue;
      const finding = judge(op, backend);
      if (finding !== undefined) report({ at: op.at, about: op, ...finding });
    }
  },
};

type Judged = Omit<RuleFinding, 'at' | 'about'>;

function judge(op: OpFact, backend: BackendFact | undefined): Judged | undefined {
  const x = op.operands.get('x')?.shape ?? null;
  const wanted = /(\d)d$/.exec(op.name)?.[1];
  // x of another rank than batchNorm2d to 4d take is refused for that.
  if (x === null || x.length === 0 || (wanted !== undefined && Number(wanted) !== x.length)) return undefined;
  const given = PARAMETERS.map((name) => [name, op.operands.get(name)] as const).filter(
    (entry): entry is readonly [(typeof PARAMETERS)[number], TensorFact] =>
      entry[1] !== undefined && entry[1].shape !== null,
  );
  return unequalRanks(given) ?? wrongLength(x, given) ?? wrongLayout(op, x, given, backend) ?? noGradient(op);
}

/** tfjs-core asks for the gradients of offset and scale whether they were given or not. */
function noGradient(op: OpFact): Judged | undefined {
  if (op.gradient === undefined) return undefined;
  const missing = (['offset', 'scale'] as const).find((name) => {
    const argument = op.args.get(name);
    return argument === undefined || argument.value === undefined || argument.value === null
      ? !op.operands.has(name)
      : false;
  });
  if (missing === undefined) return undefined;
  return {
    message: `Inside a gradient tf.${op.name} without ${missing} throws a TypeError`,
    advice: `The gradient of the fused kernel is taken by all five tensors, and fails on the one that is not there (“Cannot read properties of undefined”). Pass \`tf.${missing === 'scale' ? 'ones' : 'zeros'}([C])\`, or spell the formula out: \`x.sub(mean).div(variance.add(1e-5).sqrt())\`.`,
    facts: { argument: missing },
  };
}

type Given = readonly (readonly [string, TensorFact])[];

function unequalRanks(given: Given): Judged | undefined {
  const mean = given.find(([name]) => name === 'mean');
  const other = given.find(([, tensor]) => tensor.shape?.length !== mean?.[1].shape?.length);
  if (mean === undefined || other === undefined) return undefined;
  const [a, b] = [showShape(mean[1].shape), showShape(other[1].shape)];
  return {
    message: `tf.batchNorm throws: mean is ${a} but ${other[0]} is ${b}, and their ranks must be equal`,
    advice: `TensorFlow.js asserts that mean, variance, offset and scale have one rank (“Batch normalization gradient requires mean and ${other[0]} to have equal ranks”). Give all of them the shape \`[C]\`, C being the size of the last axis of x.`,
    facts: { argument: other[0], meanRank: mean[1].shape?.length ?? 0, rank: other[1].shape?.length ?? 0 },
  };
}

function wrongLength(x: readonly Axis[], given: Given): Judged | undefined {
  const channels: Dim = x.at(-1)?.dim ?? '?';
  const wrong = given.find(([, t]) => t.shape?.length === 1 && same(t.shape[0]?.dim ?? '?', channels) === false);
  if (wrong === undefined || x.length === 1) return undefined;
  const size = showShape(wrong[1].shape);
  return {
    message: `${wrong[0]} is ${size}, but x ${showShape(x)} has ${String(channelsOf(channels))} channels: values are read wrapped around`,
    advice:
      'tf.batchNorm takes a vector of C values, C being the size of the last axis of x. The cpu and wasm backends check nothing and read any other vector modulo its length, so the result is wrong without an error; webgl throws. Reduce every axis but the last: `tf.moments(x, [0, 1, 2])` for an image batch.',
    facts: { argument: wrong[0], shape: size, channels: channelsOf(channels) },
  };
}

const channelsOf = (dim: Dim): number | string => (typeof dim === 'number' ? dim : 'other');

/** Neither [C] nor the shape of x (keepDims, say): right on the GPU at best, wrong on cpu and wasm, and no gradient anywhere. */
function wrongLayout(
  op: OpFact,
  x: readonly Axis[],
  given: Given,
  backend: BackendFact | undefined,
): Judged | undefined {
  const wrong = given.find(
    ([, t]) =>
      t.shape !== null && t.shape.length > 1 && (t.shape.length !== x.length || sameShape(t.shape, x) === false),
  );
  if (wrong === undefined) return undefined;
  const shape = wrong[1].shape ?? [];
  // [1, 1, 1, C]: read modulo its length it is what is meant.
  const rowVector =
    shape.slice(0, -1).every((a) => a.dim === 1) && same(shape.at(-1)?.dim ?? '?', x.at(-1)?.dim ?? '?') === true;
  const trains = op.gradient !== undefined;
  if (rowVector && !trains) return undefined;
  const modulo = backend?.name !== undefined && MODULO_BACKENDS.has(backend.name);
  const size = showShape(shape);
  return {
    severity: trains || modulo || shape.length !== x.length ? 'error' : 'warning',
    message: trains
      ? `${wrong[0]} is ${size}, not [C] or the shape of x ${showShape(x)}: the gradient of tf.batchNorm throws`
      : `${wrong[0]} is ${size}, not [C] or the shape of x ${showShape(x)}: cpu and wasm read it in the wrong order`,
    advice:
      'tf.batchNorm knows two layouts: `[C]`, and the shape of x itself. Anything that must be broadcast (moments with keepDims) is read modulo its length by the cpu and wasm backends, and its gradient fails with “Size(…) must match the product of shape …”. Spell the formula out: `x.sub(mean).div(variance.add(1e-5).sqrt())`.',
    facts: { argument: wrong[0], shape: size },
  };
}

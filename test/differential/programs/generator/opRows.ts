/** Ops on tensors of known sizes: those that tfjs accepts, and those that it refuses. */
import type { Context } from './context';
import { type Dims, size } from './steps';
import { number, value } from './values';

/** One op on a tensor of known sizes: the expression, and what comes out. */
interface OpRow {
  readonly weight: number;
  fits(dims: Dims): boolean;
  draw(ctx: Context, x: string, dims: Dims): { text: string; out: Dims };
}

const last = (dims: Dims): number => dims[dims.length - 1] ?? 1;
const any = (): boolean => true;

/** `tf.op(x, …)` or `x.op(…)`. */
function call(ctx: Context, name: string, x: string, args: readonly string[] = []): string {
  return ctx.random.chance(0.5) ? `${x}.${name}(${args.join(', ')})` : `tf.${name}(${[x, ...args].join(', ')})`;
}

function axisOf(ctx: Context, dims: Dims): { axis: number; text: string } {
  const axis = ctx.random.int(0, dims.length - 1);
  return { axis, text: String(ctx.random.chance(0.4) ? axis - dims.length : axis) };
}

/** Sizes that broadcast to these without changing them. */
function broadcastable(ctx: Context, dims: Dims): Dims {
  const cut = ctx.random.int(0, dims.length - 1);
  return dims.slice(cut).map((d) => (ctx.random.chance(0.3) ? 1 : d));
}

export const opRows: readonly OpRow[] = [
  {
    weight: 10,
    fits: any,
    draw: (ctx, x, dims) => ({
      text: call(
        ctx,
        ctx.random.pick(['relu', 'sigmoid', 'tanh', 'square', 'sqrt', 'abs', 'exp', 'neg', 'softplus', 'log1p']),
        x,
      ),
      out: dims,
    }),
  },
  {
    weight: 10,
    fits: any,
    draw(ctx, x, dims) {
      const other = broadcastable(ctx, dims);
      const operand = ctx.random.chance(0.4)
        ? number(ctx, 2)
        : `tf.${ctx.random.pick(['ones', 'zeros', 'randomNormal', 'randomUniform'])}([${other}])`;
      const op = ctx.random.pick(['add', 'sub', 'mul', 'div', 'maximum', 'squaredDifference']);
      return { text: call(ctx, op, x, [operand.includes('?') ? `(${operand})` : operand]), out: dims };
    },
  },
  {
    weight: 8,
    fits: (dims) => dims.length > 0,
    draw(ctx, x, dims) {
      const { axis, text } = axisOf(ctx, dims);
      const keep = ctx.random.chance(0.5);
      const op = ctx.random.pick(['mean', 'sum', 'max', 'min', 'prod']);
      return {
        text: call(ctx, op, x, keep ? [text, 'true'] : [text]),
        out: dims.flatMap((d, i) => (i === axis ? (keep ? [1] : []) : [d])),
      };
    },
  },
  {
    weight: 6,
    fits: (dims) => size(dims) % 2 === 0,
    draw(ctx, x, dims) {
      const total = size(dims);
      const out = ctx.random.pick([[total / 2, 2], [2, total / 2], [total], [1, total / 2, 2]]);
      const at = ctx.random.int(0, out.length - 1);
      const shape = ctx.random.chance(0.3) ? out.map((d, i) => (i === at ? -1 : d)) : out;
      return { text: call(ctx, 'reshape', x, [value(ctx, shape)]), out };
    },
  },
  {
    weight: 5,
    fits: (dims) => dims.length > 1,
    draw(ctx, x, dims) {
      const given = ctx.random.chance(0.5);
      const order = given
        ? [...dims.keys()].sort((a, b) => ((a * 7 + dims.length) % 3) - ((b * 7 + dims.length) % 3))
        : [...dims.keys()].reverse();
      return { text: call(ctx, 'transpose', x, given ? [`[${order}]`] : []), out: order.map((i) => dims[i] ?? 1) };
    },
  },
  {
    weight: 5,
    fits: (dims) => dims.length < 4,
    draw(ctx, x, dims) {
      const axis = ctx.random.int(0, dims.length);
      return {
        text: call(ctx, 'expandDims', x, ctx.random.chance(0.2) && axis === 0 ? [] : [String(axis)]),
        out: [...dims.slice(0, axis), 1, ...dims.slice(axis)],
      };
    },
  },
  {
    weight: 4,
    fits: (dims) => dims.includes(1) && dims.length > 1,
    draw: (ctx, x, dims) => ({ text: call(ctx, 'squeeze', x), out: dims.filter((d) => d !== 1) }),
  },
  {
    weight: 5,
    fits: (dims) => dims.length > 0 && last(dims) > 1,
    draw(ctx, x, dims) {
      const n = ctx.random.int(1, last(dims) - 1);
      const begin = dims.map((_, i) => (i === dims.length - 1 ? last(dims) - n : 0));
      return {
        text: call(ctx, 'slice', x, [`[${begin}]`, `[${dims.map((_, i) => (i === dims.length - 1 ? n : -1))}]`]),
        out: [...dims.slice(0, -1), n],
      };
    },
  },
  {
    weight: 4,
    fits: (dims) => dims.length > 0 && size(dims) < 400,
    draw(ctx, x, dims) {
      const { axis, text } = axisOf(ctx, dims);
      const more = ctx.random.int(1, 3);
      const other = dims.map((d, i) => (i === axis ? more : d));
      return {
        text: `tf.concat([${x}, tf.ones([${other}])], ${text})`,
        out: dims.map((d, i) => (i === axis ? d + more : d)),
      };
    },
  },
  {
    weight: 3,
    fits: (dims) => dims.length < 4 && size(dims) < 400,
    draw: (ctx, x, dims) => ({
      text: `tf.stack([${x}, ${x}]${ctx.random.chance(0.5) ? ', 0' : ''})`,
      out: [2, ...dims],
    }),
  },
  {
    weight: 4,
    fits: (dims) => dims.length === 2,
    draw(ctx, x, dims) {
      const n = ctx.random.int(1, 6);
      const flip = ctx.random.chance(0.3);
      return {
        text: call(ctx, 'matMul', x, [
          `tf.${ctx.random.pick(['ones', 'randomNormal'])}([${flip ? [n, last(dims)] : [last(dims), n]}])`,
          ...(flip ? ['false', 'true'] : []),
        ]),
        out: [dims[0] ?? 1, n],
      };
    },
  },
  {
    weight: 3,
    fits: (dims) => dims.length > 0 && size(dims) < 300,
    draw: (ctx, x, dims) => ({
      text: call(ctx, 'tile', x, [`[${dims.map((_, i) => (i === 0 ? 2 : 1))}]`]),
      out: dims.map((d, i) => (i === 0 ? d * 2 : d)),
    }),
  },
  {
    weight: 3,
    fits: (dims) => dims.length > 0,
    draw: (ctx, x, dims) => ({
      text: call(ctx, 'pad', x, [`[${dims.map((_, i) => (i === 0 ? '[1, 0]' : '[0, 1]')).join(', ')}]`]),
      out: dims.map((d) => d + 1),
    }),
  },
  {
    weight: 3,
    fits: (dims) => dims.length > 0,
    draw: (ctx, x, dims) => ({ text: `${call(ctx, 'argMax', x, ['-1'])}.toFloat()`, out: dims.slice(0, -1) }),
  },
  {
    weight: 3,
    fits: (dims) => dims.length > 0,
    draw: (ctx, x, dims) => ({ text: call(ctx, 'softmax', x), out: dims }),
  },
  {
    weight: 2,
    fits: (dims) => dims.length > 0 && (dims[0] ?? 0) > 1,
    draw: (ctx, x, dims) => ({
      text: call(ctx, 'gather', x, ["tf.tensor1d([0, 1, 0], 'int32')"]),
      out: [3, ...dims.slice(1)],
    }),
  },
  {
    weight: 2,
    fits: (dims) => dims.length > 0,
    draw: (_ctx, x, dims) => ({ text: `tf.split(${x}, ${[last(dims)]}, -1)[0]`, out: [...dims.slice(0, -1), 1] }),
  },
  {
    weight: 2,
    fits: (dims) => dims.length > 0,
    draw: (_, x, dims) => ({ text: `tf.where(${x}.greater(0), ${x}, tf.zerosLike(${x}))`, out: dims }),
  },
  {
    weight: 4,
    fits: (dims) => dims.length === 4 && (dims[1] ?? 0) >= 3 && (dims[2] ?? 0) >= 3,
    draw(ctx, x, dims) {
      const out = ctx.random.int(1, 4);
      const [b = 1, h = 1, w = 1, c = 1] = dims;
      const padding = ctx.random.pick(['same', 'valid']);
      const stride = ctx.random.pick([1, 2]);
      const along = (d: number): number =>
        padding === 'same' ? Math.ceil(d / stride) : Math.floor((d - 3) / stride) + 1;
      return {
        text: call(ctx, 'conv2d', x, [`tf.randomNormal([3, 3, ${c}, ${out}])`, String(stride), `'${padding}'`]),
        out: [b, along(h), along(w), out],
      };
    },
  },
  {
    weight: 3,
    fits: (dims) => dims.length === 4 && (dims[1] ?? 0) >= 2 && (dims[2] ?? 0) >= 2,
    draw: (ctx, x, [b = 1, h = 1, w = 1, c = 1]) => ({
      text: `tf.${ctx.random.pick(['maxPool', 'avgPool'])}(${x}, 2, 2, 'valid')`,
      out: [b, Math.floor((h - 2) / 2) + 1, Math.floor((w - 2) / 2) + 1, c],
    }),
  },
];

/** Ops that tfjs refuses on a tensor of these sizes. */
export const opFaults: readonly {
  weight: number;
  fits(dims: Dims): boolean;
  text(ctx: Context, x: string, dims: Dims): string;
}[] = [
  { weight: 6, fits: any, text: (ctx, x, dims) => call(ctx, 'reshape', x, [`[${size(dims) + 1}]`]) },
  {
    weight: 6,
    fits: (d) => d.length > 0 && last(d) > 1,
    text: (ctx, x, d) => call(ctx, ctx.random.pick(['add', 'mul', 'sub']), x, [`tf.ones([${last(d) + 1}])`]),
  },
  {
    weight: 5,
    fits: (d) => d.length === 2,
    text: (ctx, x, d) => call(ctx, 'matMul', x, [`tf.ones([${last(d) + 1}, 3])`]),
  },
  {
    weight: 3,
    fits: (d) => d.length > 0,
    text: (ctx, x, d) => call(ctx, ctx.random.pick(['mean', 'sum', 'max']), x, [String(d.length)]),
  },
  { weight: 3, fits: (d) => d.length > 0, text: (_, x, d) => `tf.moments(${x}, ${d.length + 1}).mean` },
  {
    weight: 4,
    fits: (d) => d.length > 1,
    text: (ctx, x, d) => `tf.concat([${x}, tf.ones([${d.map((n) => n + 1)}])], ${ctx.random.pick([0, -1])})`,
  },
  { weight: 3, fits: (d) => d.length > 0, text: (_, x, d) => `tf.stack([${x}, tf.ones([${d.map((n) => n + 1)}])])` },
  {
    weight: 3,
    fits: (d) => d.length > 1,
    text: (ctx, x, d) => call(ctx, 'transpose', x, [`[${d.map((_, i) => i + 1)}]`]),
  },
  {
    weight: 3,
    fits: (d) => d.length > 0,
    text: (ctx, x, d) => call(ctx, 'slice', x, [`[${d.map((_, i) => (i === 0 ? 1 : 0))}]`, `[${d}]`]),
  },
  { weight: 2, fits: (d) => d.length > 0 && (d[0] ?? 1) > 1, text: (ctx, x) => call(ctx, 'squeeze', x, ['[0]']) },
  { weight: 2, fits: (d) => d.length > 0, text: (_ctx, x, d) => `tf.split(${x}, ${last(d) + 1}, -1)[0]` },
  {
    weight: 2,
    fits: (d) => d.length === 4,
    text: (ctx, x, d) => call(ctx, 'conv2d', x, [`tf.ones([3, 3, ${last(d) + 1}, 2])`, '1', "'same'"]),
  },
  { weight: 2, fits: (d) => d.length !== 4 && d.length !== 3, text: (_, x) => `tf.maxPool(${x}, 2, 2, 'valid')` },
  { weight: 1, fits: any, text: (_, __, d) => `tf.tensor2d([1, 2, 3, 4, 5], [2, ${d.length + 3}])` },
];

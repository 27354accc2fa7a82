import { type Context, flag, indent } from '../context';
import { type Dims, size } from '../steps';
import { number, value } from '../values';
import { batchOf, type Idiom } from './idiom';

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

const rows: readonly OpRow[] = [
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
const faults: readonly {
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

interface Line {
  readonly text: string;
  readonly out: Dims;
}

/** Ops in a row; each a line that assigns to a new name or a link of a chain. */
function opChain(ctx: Context, x: string, dims: Dims, count: number, at: number): readonly Line[] {
  const lines: Line[] = [];
  for (let i = 0; i < count; i += 1) {
    const fitting = rows.filter((row) => row.fits(dims) && size(dims) < 2000 && dims.length > 0);
    if (i === at) {
      const fault = ctx.random.weighted(faults.filter((row) => row.fits(dims)));
      lines.push({ text: `${fault.text(ctx, x, dims)}${flag}`, out: dims });
      break;
    }
    if (fitting.length === 0) break;
    const { text, out } = ctx.random.weighted(fitting).draw(ctx, x, dims);
    lines.push({ text, out });
    dims = out;
    x = '$';
  }
  return lines;
}

const starts: readonly Dims[] = [[6], [4, 6], [2, 3, 4], [5, 8], [2, 6, 6, 3], [3, 2], [2, 4, 4, 1]];

function start(ctx: Context, dims: Dims): string {
  const { random } = ctx;
  if (dims.length === 2 && random.chance(0.2))
    return `tf.tensor2d(${JSON.stringify(Array.from({ length: dims[0] ?? 1 }, (_, i) => Array.from({ length: dims[1] ?? 1 }, (__, j) => i + j)))})`;
  if (dims.length === 1 && random.chance(0.3))
    return random.pick([
      `tf.range(0, ${dims[0]})`,
      `tf.tensor1d([${Array.from({ length: dims[0] ?? 1 }, (_, i) => i)}])`,
      `tf.linspace(0, 1, ${dims[0]})`,
      `tf.tensor(new Float32Array(${dims[0]}))`,
    ]);
  const shape = random.chance(0.5) ? `[${dims}]` : value(ctx, dims);
  return random.pick([
    `tf.zeros(${shape})`,
    `tf.ones(${shape})`,
    `tf.randomNormal(${shape})`,
    `tf.randomUniform(${shape}, 0, 1)`,
    `tf.fill(${shape}, 0.5)`,
  ]);
}

function statements(ctx: Context): void {
  const { random } = ctx;
  const dims = random.pick(starts);
  const count = random.int(2, 6);
  let x = ctx.name('x');
  ctx.write(`const ${x} = ${start(ctx, dims)};`);
  const lines = opChain(ctx, '$', dims, count, ctx.faulty ? random.int(0, count - 1) : -1);
  if (random.chance(0.4)) {
    ctx.write(`let ${x}Now${ctx.type('tf.Tensor')} = ${x};`);
    for (const { text } of lines)
      ctx.write(`${x}Now = ${text.replaceAll('$', `${x}Now`).replace(flag, '')};${text.includes(flag) ? flag : ''}`);
    return;
  }
  for (const { text } of lines) {
    const y = ctx.name('t');
    ctx.write(`const ${y} = ${text.replaceAll('$', x).replace(flag, '')};${text.includes(flag) ? flag : ''}`);
    x = y;
  }
}

function helper(ctx: Context): void {
  const { random } = ctx;
  const dims = random.pick(starts);
  const count = random.int(2, 4);
  const f = ctx.name(random.pick(['transform', 'preprocess', 'compute']));
  const lines = opChain(ctx, '$', dims, count, ctx.faulty ? random.int(0, count - 1) : -1);
  const body = lines.map(
    ({ text }, i) =>
      `const y${i} = ${text.replaceAll('$', i === 0 ? 'x' : `y${i - 1}`).replace(flag, '')};${text.includes(flag) ? flag : ''}`,
  );
  body.push(`return y${lines.length - 1};`);
  const type = dims.length <= 4 ? `tf.Tensor${dims.length}D` : 'tf.Tensor';
  const text = body.join('\n');
  ctx.write(
    `function ${f}(x${ctx.type(type)}) {\n${indent(random.chance(0.5) ? `return tf.tidy(() => {\n${indent(text)}\n});` : text)}\n}`,
  );
  ctx.write(`const ${ctx.name('result')} = ${f}(${start(ctx, dims)});`);
}

/** A norm written by hand, on activations of an image or a sequence. */
function norm(ctx: Context): void {
  const { random } = ctx;
  const dims = random.pick([
    [4, 6, 6, 3],
    [4, 5, 8],
    [8, 6],
  ] as const);
  const axes = random.pick([[dims.length - 1], dims.length === 4 ? [1, 2] : [0], [0]]);
  const f = ctx.name('normalize');
  const keep = !ctx.faulty;
  const mark = ctx.faulty ? flag : '';
  const any = ctx.typescript ? ': any' : '';
  // Without keepDims these sizes do not broadcast, whatever the axes.
  ctx.write(`function ${f}(x${any}, epsilon = 1e-5) {
  const { mean, variance } = tf.moments(x, [${ctx.faulty ? dims.length - 1 : axes}]${keep ? ', true' : ''});
  const centred = x.sub(mean);${mark}
  return centred.div(tf.sqrt(variance.add(epsilon)));
}`);
  const faulty = random.pick([
    [4, 6, 6, 3],
    [4, 5, 8],
    [8, 6],
  ] as const);
  ctx.write(`const ${ctx.name('normalized')} = ${f}(tf.randomNormal([${ctx.faulty ? faulty : dims}]));`);
}

/** Attention over heads. */
function attention(ctx: Context): void {
  const { random } = ctx;
  const [batch, time, heads, width] = [random.int(1, 3), random.int(3, 5), random.int(2, 3), random.int(2, 4)];
  const f = ctx.name('attend');
  const any = ctx.typescript ? ': any' : '';
  ctx.write(`const ${ctx.name('unused')} = ${number(ctx, 3)};`);
  ctx.write(`function ${f}(q${any}, k${any}, v${any}, heads = ${heads}) {
  const [batch, time, width] = q.shape;
  const split = (x${any}) => x.reshape([batch, time, heads, width / heads]).transpose([0, 2, 1, 3]);
  const scores = tf.matMul(split(q), split(k), false, ${ctx.faulty ? 'false' : 'true'}).div(Math.sqrt(width / heads));${ctx.faulty ? flag : ''}
  const mixed = tf.matMul(scores.softmax(), split(v));
  return mixed.transpose([0, 2, 1, 3]).reshape([batch, time, width]);
}`);
  const x = ctx.name('sequence');
  const odd = ctx.faulty && time === width ? time + 1 : time;
  ctx.write(`const ${x} = tf.randomNormal([${batch}, ${odd}, ${heads * width}]);`);
  ctx.write(`const ${ctx.name('attended')} = ${f}(${x}, ${x}, ${x});`);
}

/** Values in a known loop: rows of tensors, stacked. */
function stacked(ctx: Context): void {
  const { random } = ctx;
  const n = random.int(2, 4);
  const width = random.int(2, 6);
  const list = ctx.name('rows');
  ctx.write(
    random.pick([
      `const ${list} = Array.from({ length: ${n} }, (_, i) => tf.fill([${width}], i));`,
      `const ${list}${ctx.typescript ? ': tf.Tensor[]' : ''} = [];\nfor (let i = 0; i < ${n}; i++) {\n  ${list}.push(tf.ones([${width}]).mul(i));\n}`,
      `const ${list} = [${Array.from({ length: n }, (_, i) => i)}].map((i) => tf.scalar(i).add(tf.zeros([${width}])));`,
      `const ${list} = new Array(${n}).fill(0).map(() => tf.zeros([${width}]));`,
    ]),
  );
  if (ctx.faulty) ctx.write(`${list}.push(tf.ones([${width + 1}]));`);
  const y = ctx.name('matrix');
  ctx.write(`const ${y} = tf.stack(${list});${ctx.faulty ? flag : ''}`);
  ctx.write(`const [${ctx.name('r')}, ${ctx.name('c')}] = ${y}.shape;`);
  ctx.write(`const ${ctx.name('batch')} = tf.concat([${y}, tf.zeros(${batchOf([width], 2)})], 0).mean(0);`);
}

export const opIdioms: readonly Idiom[] = [
  { name: 'ops: statement after statement', weight: 10, write: statements },
  { name: 'ops: in a function, in tidy', weight: 7, write: helper },
  { name: 'ops: a norm by hand', weight: 4, write: norm },
  { name: 'ops: attention', weight: 3, write: attention },
  { name: 'ops: tensors in lists', weight: 4, write: stacked },
];

import { type Context, flag, indent } from '../context';
import { opFaults, opRows } from '../opRows';
import { type Dims, size } from '../steps';
import { number, value } from '../values';
import { batchOf, type Idiom } from './idiom';

interface Line {
  readonly text: string;
  readonly out: Dims;
}

/** Ops in a row; each a line that assigns to a new name or a link of a chain. */
function opChain(ctx: Context, x: string, dims: Dims, count: number, at: number): readonly Line[] {
  const lines: Line[] = [];
  for (let i = 0; i < count; i += 1) {
    const fitting = opRows.filter((row) => row.fits(dims) && size(dims) < 2000 && dims.length > 0);
    if (i === at) {
      const fault = ctx.random.weighted(opFaults.filter((row) => row.fits(dims)));
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

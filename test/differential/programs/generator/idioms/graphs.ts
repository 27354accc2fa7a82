import { type Context, flag, indent } from '../context';
import { drawFault } from '../layerFaults';
import { drawInput, drawStep, drawSteps } from '../layerRows';
import { type Dims, type Step, size } from '../steps';
import { layer, number } from '../values';
import { type Idiom, inputOf, repeatable, use } from './idiom';

/** Writes `const y = layer.apply(x);` for each step and gives the last name. */
function chain(ctx: Context, x: string, steps: readonly Step[]): string {
  for (const step of steps) {
    const y = ctx.name('h');
    ctx.write(`const ${y} = ${ctx.symbolic(`${layer(ctx, step)}.apply(${x})`)};`);
    x = y;
  }
  return x;
}

const outOf = (steps: readonly Step[], input: Dims): Dims => steps[steps.length - 1]?.out ?? input;

/** A step that leads to other sizes than these, for branches that must not be merged. */
function different(ctx: Context, dims: Dims): Step {
  for (let i = 0; i < 50; i += 1) {
    const step = drawStep(ctx.random, dims, (type) => type === 'dense' || type === 'conv2d' || type === 'conv1d');
    // Sizes of 1 broadcast, and equal ones merge: neither would be a mistake.
    const differs =
      step.out.length === dims.length && step.out.some((d, j) => d !== dims[j] && d !== 1 && dims[j] !== 1);
    if (differs) return step;
  }
  return { type: 'dense', options: { units: 97 }, out: [...dims.slice(0, -1), 97] };
}

function residual(ctx: Context): void {
  const { random } = ctx;
  const input = drawInput(random).map((d, i, all) => (i === all.length - 1 ? Math.max(2, d) : d));
  const given = ctx.name('input');
  ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
  let x = given;
  const count = random.int(1, 3);
  const bad = ctx.faulty ? random.int(0, count - 1) : -1;
  for (let i = 0; i < count; i += 1) {
    const inner = chain(ctx, x, repeatable(ctx, input, random.int(1, 2)));
    const branch = i === bad ? chain(ctx, inner, [different(ctx, input)]) : inner;
    const y = ctx.name('sum');
    const merge = random.pick(['add', 'add', 'add', 'multiply', 'average', 'maximum']);
    ctx.write(
      `const ${y} = ${ctx.symbolic(`${ctx.layers}.${merge}().apply([${x}, ${branch}])`)};${i === bad ? flag : ''}`,
    );
    x = y;
  }
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`);
  use(ctx, model, input, input);
}

/** An encoder whose stages are joined to those of the decoder. */
function skips(ctx: Context): void {
  const { random } = ctx;
  const depth = random.int(1, 2);
  const side = ctx.faulty ? 10 : random.pick([8, 16]);
  const base = random.pick([2, 4]);
  const down = ctx.name('down');
  const up = ctx.name('up');
  const any = ctx.typescript ? ': any' : '';
  // Ten halves to five, to two: five is not twice two.
  const levels = ctx.faulty ? 2 : depth;
  ctx.declare(`const ${down} = (x${any}, filters${ctx.type('number')}) => {
  const y = ${ctx.layers}.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(x);
  return { skip: y, next: ${ctx.layers}.maxPooling2d({ poolSize: [2, 2] }).apply(y) };
};`);
  ctx.declare(`function ${up}(x${any}, skip${any}, filters${ctx.type('number')})${any} {
  const larger = ${ctx.layers}.upSampling2d({ size: [2, 2] }).apply(x);
  const joined = ${ctx.layers}.concatenate(${random.pick(['', '{ axis: -1 }', '{ axis: 3 }'])}).apply([skip, larger]);${ctx.faulty ? flag : ''}
  return ${ctx.layers}.conv2d({ filters, kernelSize: 3, padding: 'same' }).apply(joined);
}`);
  const given = ctx.name('input');
  const list = ctx.name('skips');
  const x = ctx.name('x');
  ctx.write(`const ${given} = ${inputOf(ctx, [side, side, 3])};
const ${list}${ctx.typescript ? ': any[]' : ''} = [];
let ${x}${any} = ${given};
for (let level = 0; level < ${levels}; level++) {
  const { skip, next } = ${down}(${x}, ${base} * 2 ** level);
  ${list}.push(skip);
  ${x} = next;
}
${random.pick([
  `for (let level = ${levels} - 1; level >= 0; level--) {\n  ${x} = ${up}(${x}, ${list}[level], ${base} * 2 ** level);\n}`,
  `while (${list}.length) ${x} = ${up}(${x}, ${list}.pop(), ${base});`,
  `for (const skip of ${list}.reverse()) ${x} = ${up}(${x}, skip, ${base});`,
  `${list}.slice().reverse().forEach((skip, i) => {\n  ${x} = ${up}(${x}, skip, ${base});\n});`,
])}`);
  const model = ctx.name('unet');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`);
  use(ctx, model, [side, side, 3], [side, side, base]);
}

/** Branches of one input, joined. */
function branches(ctx: Context): void {
  const { random } = ctx;
  const side = random.pick([6, 8, 9]);
  const input: Dims = [side, side, random.int(1, 3)];
  const given = ctx.name('input');
  ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
  const counts = Array.from({ length: random.int(2, 3) }, () => random.int(1, 6));
  const bad = ctx.faulty ? random.int(0, counts.length - 1) : -1;
  const list = ctx.name('branches');
  const rows = counts.map((filters, i) => {
    const padding = i === bad ? 'valid' : 'same';
    return indent(
      `${ctx.layers}.conv2d({ filters: ${number(ctx, filters)}, kernelSize: ${i === bad ? 3 : random.pick([1, 3, 5])}, padding: '${padding}' }).apply(${given}),`,
    );
  });
  ctx.write(`const ${list}${ctx.typescript ? ': any[]' : ''} = [\n${rows.join('\n')}\n];`);
  const joined = ctx.name('joined');
  ctx.write(
    `const ${joined} = ${ctx.symbolic(`${ctx.layers}.concatenate().apply(${list})`)};${ctx.faulty ? flag : ''}`,
  );
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${joined} });`);
  use(ctx, model, input, [side, side, counts.reduce((a, b) => a + b, 0)]);
}

/** Two inputs, and sometimes two outputs. */
function manyInputs(ctx: Context): void {
  const { random } = ctx;
  const a: Dims = [random.int(2, 9)];
  const b: Dims = [random.int(2, 9)];
  const left = ctx.name('left');
  const right = ctx.name('right');
  ctx.write(`const ${left} = ${inputOf(ctx, a)};\nconst ${right} = ${inputOf(ctx, b)};`);
  const width = random.int(2, 8);
  const one = chain(ctx, left, [{ type: 'dense', options: { units: width }, out: [width] }]);
  const two = chain(ctx, right, [{ type: 'dense', options: { units: ctx.faulty ? width + 1 : width }, out: [width] }]);
  const joined = ctx.name('joined');
  const merge = ctx.faulty
    ? random.pick(['add', 'subtract', 'dot({ axes: -1 })'])
    : random.pick(['concatenate', 'add', 'multiply', 'dot({ axes: -1 })']);
  const call = merge === 'subtract' ? 'average()' : merge.includes('(') ? merge : `${merge}()`;
  ctx.write(
    `const ${joined} = ${ctx.symbolic(`${ctx.layers}.${call}.apply([${one}, ${two}])`)};${ctx.faulty ? flag : ''}`,
  );
  const first = ctx.name('first');
  const second = ctx.name('second');
  ctx.write(
    `const ${first} = ${ctx.symbolic(`${ctx.layers}.dense({ units: ${number(ctx, 3)}, name: '${ctx.name('scores')}' }).apply(${joined})`)};`,
  );
  const model = ctx.name('model');
  if (random.chance(0.5)) {
    ctx.write(`const ${second} = ${ctx.symbolic(`${ctx.layers}.dense({ units: 1 }).apply(${joined})`)};`);
    ctx.write(`const ${model} = tf.model({ inputs: [${left}, ${right}], outputs: [${first}, ${second}] });`);
    if (random.chance(0.5))
      ctx.write(
        `const [${ctx.name('p')}, ${ctx.name('q')}] = ${model}.predict([tf.ones([2, ${a}]), tf.ones([2, ${b}])])${ctx.typescript ? ' as tf.Tensor[]' : ''};`,
      );
  } else ctx.write(`const ${model} = tf.model({ inputs: [${left}, ${right}], outputs: ${first} });`);
}

/** One layer or model on two inputs. */
function siamese(ctx: Context): void {
  const { random } = ctx;
  const input = [random.int(3, 8)];
  const width = random.int(2, 8);
  const shared = ctx.name('encoder');
  const a = ctx.name('a');
  const b = ctx.name('b');
  const asModel = random.chance(0.5) && !ctx.faulty; // a model does not look at what it is applied to
  ctx.write(
    asModel
      ? `const ${shared} = tf.sequential({ layers: [${ctx.layers}.dense({ units: ${width}, inputShape: [${input}] }), ${ctx.layers}.reLU()] });`
      : `const ${shared} = ${ctx.layers}.dense({ units: ${width} });`,
  );
  const other = ctx.faulty ? [(input[0] ?? 1) + 1] : input;
  ctx.write(`const ${a} = ${inputOf(ctx, input)};\nconst ${b} = ${inputOf(ctx, other)};`);
  const y = ctx.name('y');
  const z = ctx.name('z');
  ctx.write(
    `const ${y} = ${ctx.symbolic(`${shared}.apply(${a})`)};\nconst ${z} = ${ctx.symbolic(`${shared}.apply(${b})`)};${ctx.faulty ? flag : ''}`,
  );
  const joined = ctx.name('distance');
  ctx.write(
    `const ${joined} = ${ctx.symbolic(`${ctx.layers}.${random.pick(['concatenate()', 'add()', 'dot({ axes: 1 })'])}.apply([${y}, ${z}])`)};`,
  );
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: [${a}, ${b}], outputs: ${joined} });`);
}

/** Models as layers of models. */
function nested(ctx: Context): void {
  const { random } = ctx;
  const input = drawInput(random);
  const inner = drawSteps(random, input, random.int(1, 3));
  const middle = outOf(inner, input);
  const after = drawSteps(random, middle, random.int(1, 2));
  const out = outOf(after, middle);
  const part = ctx.name('backbone');
  const head = ctx.name('head');
  const model = ctx.name('model');
  const sequential = (name: string, dims: Dims, steps: readonly Step[]): string =>
    `const ${name} = tf.sequential({ layers: [${steps.map((s, i) => layer(ctx, s, i === 0 ? { inputShape: dims } : {})).join(', ')}] });`;
  ctx.write(sequential(part, input, inner));
  const wrong = ctx.faulty ? [...middle.slice(0, -1), (middle[middle.length - 1] ?? 1) + 1] : middle;
  const steps = ctx.faulty ? [{ type: 'dense', options: { units: 3 }, out: [...wrong.slice(0, -1), 3] }] : after;
  ctx.write(sequential(head, wrong, steps));
  const given = ctx.name('input');
  switch (random.int(0, 2)) {
    case 0:
      ctx.write(`const ${model} = tf.sequential({ layers: [${part}, ${head}] });${ctx.faulty ? flag : ''}`);
      break;
    case 1:
      ctx.write(
        `const ${model} = tf.sequential();\n${model}.add(${part});\n${model}.add(${head});${ctx.faulty ? flag : ''}`,
      );
      break;
    default: {
      const y = ctx.name('y');
      ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
      ctx.write(`const ${y} = ${ctx.symbolic(`${head}.apply(${part}.apply(${given}))`)};${ctx.faulty ? flag : ''}`);
      ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${y} });`);
    }
  }
  ctx.lazyFault = ctx.faulty; // tfjs does not compare the shapes of models that it puts in a row
  if (ctx.faulty || size(input) < 300) use(ctx, model, input, out);
}

/** A model cut at an inner layer and continued: transfer learning. */
function sliced(ctx: Context): void {
  const { random } = ctx;
  const input = drawInput(random);
  const steps = drawSteps(random, input, random.int(2, 4));
  const base = ctx.name('base');
  ctx.write(`const ${base} = tf.sequential();`);
  const label = ctx.name('cut');
  const at = random.int(0, steps.length - 1);
  steps.forEach((step, i) => {
    ctx.write(
      `${base}.add(${layer(ctx, step, { ...(i === 0 ? { inputShape: input } : {}), ...(i === at ? { name: label } : {}) })});`,
    );
  });
  const cutDims = steps[at]?.out ?? input;
  const cut = ctx.name('cutLayer');
  ctx.write(`const ${cut} = ${random.pick([`${base}.getLayer('${label}')`, `${base}.layers[${at}]`])};`);
  if (random.chance(0.5)) ctx.write(`for (const layer of ${base}.layers) layer.trainable = false;`);
  const next = ctx.faulty ? drawFault(random, cutDims) : drawStep(random, cutDims);
  const y = ctx.name('y');
  const given = random.pick([`${base}.inputs`, `${base}.inputs[0]`, `${base}.input`]);
  ctx.write(`const ${y} = ${ctx.symbolic(`${layer(ctx, next)}.apply(${cut}.output)`)};`);
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${y} });`);
  ctx.trains = false; // the layers that could may be frozen
  use(ctx, model, input, next.out);
}

/** Sizes that are read off symbolic tensors. */
function shapeRead(ctx: Context): void {
  const { random } = ctx;
  const side = random.pick([6, 8, 10]);
  const given = ctx.name('input');
  ctx.write(`const ${given} = ${inputOf(ctx, [side, side, 3])};`);
  const x = chain(ctx, given, [drawStep(random, [side, side, 3], (type) => type === 'conv2d')]);
  const form = random.int(0, 2);
  const y = ctx.name('rows');
  const bang = ctx.typescript ? '!' : '';
  const extra = ctx.faulty ? ' + 1' : '';
  const mark = ctx.faulty ? flag : '';
  if (form === 0) {
    const [h, w, c] = [ctx.name('h'), ctx.name('w'), ctx.name('c')];
    ctx.write(`const [, ${h}, ${w}, ${c}] = ${x}.shape${ctx.typescript ? ' as number[]' : ''};`);
    ctx.write(
      `const ${y} = ${ctx.symbolic(`${ctx.layers}.reshape({ targetShape: [${h} * ${w}, ${c}${extra}] }).apply(${x})`)};${mark}`,
    );
  } else if (form === 1) {
    ctx.write(
      `const ${y} = ${ctx.symbolic(`${ctx.layers}.reshape({ targetShape: [${x}.shape[1]${bang} * ${x}.shape[2]${bang}, ${x}.shape[3]${bang}${extra}] }).apply(${x})`)};${mark}`,
    );
  } else {
    const n = ctx.name('n');
    ctx.write(
      `const ${n} = ${x}.shape.slice(1).reduce((a${ctx.typescript ? ': any' : ''}, b${ctx.typescript ? ': any' : ''}) => a * b, 1)${ctx.typescript ? ' as number' : ''};`,
    );
    ctx.write(
      `const ${y} = ${ctx.symbolic(`${ctx.layers}.reshape({ targetShape: [${n}${extra}, 1] }).apply(${x})`)};${mark}`,
    );
  }
  const model = ctx.name('model');
  ctx.write(
    `const ${model} = tf.model({ inputs: ${given}, outputs: ${ctx.layers}.lstm({ units: 2 }).apply(${y})${ctx.typescript ? ' as tf.SymbolicTensor' : ''} });`,
  );
  ctx.lazyFault = ctx.faulty;
  use(ctx, model, [side, side, 3], [2]);
}

export const graphIdioms: readonly Idiom[] = [
  { name: 'graph: residual connections', weight: 7, write: residual },
  { name: 'graph: skip connections of a U-Net', weight: 4, write: skips },
  { name: 'graph: branches that are joined', weight: 5, write: branches },
  { name: 'graph: several inputs and outputs', weight: 5, write: manyInputs },
  { name: 'graph: one layer on two inputs', weight: 3, write: siamese },
  { name: 'graph: models of models', weight: 6, write: nested },
  { name: 'graph: a model cut at an inner layer', weight: 3, write: sliced },
  { name: 'graph: sizes read off a symbolic tensor', weight: 3, write: shapeRead },
];

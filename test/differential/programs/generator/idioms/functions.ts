import { type Context, indent } from '../context';
import { drawFault } from '../layerFaults';
import { drawInput, drawSteps } from '../layerRows';
import type { Dims } from '../steps';
import { layer, number } from '../values';
import { firstOptions, type Idiom, inputOf, plan, use } from './idiom';

const tensor = (ctx: Context): string => (ctx.typescript ? ': any' : '');

/** A block with options and defaults, applied several times. */
function blocks(ctx: Context): void {
  const { random } = ctx;
  const side = random.pick([8, 12]);
  const input: Dims = [side, side, 3];
  const block = ctx.name(random.pick(['convBlock', 'block', 'unit']));
  const fault = ctx.faulty ? [`  x = ${layer(ctx, drawFault(random, [side, side, 99]))}.apply(x);`] : [];
  const positional = random.chance(0.5);
  const body = [
    `  x = ${ctx.layers}.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: !norm }).apply(x);`,
    ...fault,
    `  if (norm) x = ${ctx.layers}.batchNormalization({ momentum: 0.9 }).apply(x);`,
    `  return ${ctx.symbolic(`${ctx.layers}.activation({ activation: 'relu' }).apply(x)`)};`,
  ].join('\n');
  const parameters = positional
    ? `x${tensor(ctx)}, filters${ctx.type('number')}, kernelSize = 3, strides = 1, norm = true`
    : `x${tensor(ctx)}, { filters, kernelSize = 3, strides = 1, norm = true }${ctx.typescript ? ': any' : ''}`;
  const form = random.int(0, 2);
  ctx.declare(
    form === 0
      ? `function ${block}(${parameters}) {\n${body}\n}`
      : form === 1
        ? `const ${block} = (${parameters}) => {\n${body}\n};`
        : `const ${block} = function (${parameters}) {\n${body}\n};`,
  );
  const given = ctx.name('input');
  let x = given;
  ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
  for (let i = random.int(1, 3); i > 0; i -= 1) {
    const y = ctx.name('y');
    const filters = number(ctx, random.pick([2, 4, 6, 8]));
    const more = positional
      ? random.pick(['', ', 5', ', 3, 2', ', undefined, 2', ', 1, 1, false'])
      : random.pick(['', ', strides: 2', ', kernelSize: 5, norm: false', ', norm: false']);
    ctx.write(
      positional
        ? `const ${y} = ${block}(${x}, ${filters}${more});`
        : `const ${y} = ${block}(${x}, { filters: ${filters}${more} });`,
    );
    x = y;
  }
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`);
  if (ctx.lazyFault) ctx.write(`${model}.predict(tf.ones([2, ${input}]));`);
}

/** A function that builds and returns the model. */
function builder(ctx: Context): void {
  const { random } = ctx;
  const { input, steps, out } = plan(ctx);
  const build = ctx.name(random.pick(['buildModel', 'createModel', 'getModel', 'makeNet']));
  const model = ctx.name('model');
  const isAsync = random.chance(0.2);
  const inner = steps
    .map((step, i) => `  net.add(${layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {})});`)
    .join('\n');
  const body = `  const net = tf.sequential();\n${inner}\n  return net;`;
  ctx.write(
    random.chance(0.5)
      ? `${isAsync ? 'async ' : ''}function ${build}() {\n${body}\n}`
      : `const ${build} = ${isAsync ? 'async ' : ''}() => {\n${body}\n};`,
  );
  ctx.write(`const ${model} = ${isAsync ? 'await ' : ''}${build}();`);
  use(ctx, model, input, out);
}

/** Hyper-parameters in one object, with defaults for the rest. */
function configured(ctx: Context): void {
  const { random } = ctx;
  const features = random.int(2, 12);
  const hidden = random.pick([4, 8, 16]);
  const classes = random.int(2, 6);
  const build = ctx.name('buildClassifier');
  const model = ctx.name('classifier');
  const fault = ctx.faulty ? `  model.add(${layer(ctx, drawFault(random, [99]))});\n` : '';
  const options = random.chance(0.5)
    ? `{ features = ${features}, hidden = [${hidden}], classes = 2, dropout = 0 }${ctx.typescript ? ': any' : ''} = {}`
    : `options${ctx.typescript ? ': any' : ''} = {}`;
  const read = options.startsWith('options')
    ? `  const { features, hidden, classes, dropout } = { features: ${features}, hidden: [${hidden}], classes: 2, dropout: 0, ...options };\n`
    : '';
  ctx.write(`function ${build}(${options}) {
${read}  const model = tf.sequential();
  model.add(${ctx.layers}.inputLayer({ inputShape: [features] }));
  for (const units of hidden) {
    model.add(${ctx.layers}.dense({ units, activation: 'relu' }));
    if (dropout > 0) model.add(${ctx.layers}.dropout({ rate: dropout }));
  }
${fault}  model.add(${ctx.layers}.dense({ units: classes, activation: classes > 2 ? 'softmax' : 'sigmoid' }));
  return model;
}`);
  const given = random.pick([
    `{ classes: ${classes} }`,
    `{ hidden: [${hidden}, ${hidden * 2}], classes: ${classes}, dropout: 0.2 }`,
    `{ features: ${features}, classes: ${classes} }`,
  ]);
  ctx.write(`const ${model} = ${build}(${given});`);
  use(ctx, model, [features], [classes]);
}

/** Functions that make functions. */
function curried(ctx: Context): void {
  const { random } = ctx;
  const { input, steps, out } = plan(ctx, [2, 4]);
  const make = ctx.name('apply');
  ctx.write(
    random.pick([
      `const ${make} = (layer${tensor(ctx)}) => (x${tensor(ctx)}) => layer.apply(x);`,
      `function ${make}(layer${tensor(ctx)}) {\n  return function (x${tensor(ctx)}) {\n    return layer.apply(x);\n  };\n}`,
      `const ${make} = (layer${tensor(ctx)}) => layer.apply.bind(layer);`,
    ]),
  );
  const given = ctx.name('input');
  ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
  let x = given;
  for (const step of steps) {
    const y = ctx.name('h');
    ctx.write(`const ${y} = ${make}(${layer(ctx, step)})(${x});`);
    x = y;
  }
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`);
  use(ctx, model, input, out);
}

/** A list of layers from a generator or from map. */
function lists(ctx: Context): void {
  const { random } = ctx;
  const input: Dims = [random.int(3, 9)];
  const units = Array.from({ length: random.int(2, 4) }, () => random.pick([2, 4, 6, 8]));
  const list = ctx.name('hiddenLayers');
  const name = ctx.name('sizes');
  ctx.write(`const ${name} = [${units.join(', ')}];`);
  ctx.write(
    random.pick([
      `const ${list} = ${name}.map((units, i) => ${ctx.layers}.dense({ units, ...(i === 0 && { inputShape: [${input}] }) }));`,
      `const ${list} = ${name}.flatMap((units, i) => [\n  ${ctx.layers}.dense({ units, inputShape: i ? undefined : [${input}] }),\n  ${ctx.layers}.reLU(),\n]);`,
      `function* ${list}Of()${ctx.typescript ? ': any' : ''} {\n  for (const [i, units] of ${name}.entries()) {\n    yield ${ctx.layers}.dense(i === 0 ? { units, inputShape: [${input}] } : { units });\n  }\n}\nconst ${list} = [...${list}Of()];`,
      `const ${list}${ctx.typescript ? ': any[]' : ''} = [];\nfor (const units of ${name}) {\n  const first = ${list}.length === 0;\n  ${list}.push(${ctx.layers}.dense({ units, ...(first ? { inputShape: [${input}] } : null) }));\n}`,
      `const ${list} = ${name}.filter((n) => n > 0).map((units, i) => ${ctx.layers}.dense(Object.assign({ units }, i === 0 ? { inputShape: [${input}] } : {})));`,
    ]),
  );
  const model = ctx.name('model');
  if (ctx.faulty) ctx.write(`${list}.push(${layer(ctx, drawFault(random, [99]))});`);
  ctx.write(`const ${model} = tf.sequential({ layers: ${list} });`);
  use(ctx, model, input, [units[units.length - 1] ?? 1]);
}

/** Recursion with a bound. */
function recursion(ctx: Context): void {
  const { random } = ctx;
  const input = drawInput(random);
  const steps = drawSteps(random, input, 2);
  const out = steps[steps.length - 1]?.out ?? input;
  const stack = ctx.name('stack');
  const fault = ctx.faulty ? `\n  x = ${layer(ctx, drawFault(random, out))}.apply(x);` : '';
  ctx.write(`function ${stack}(x${tensor(ctx)}, depth${ctx.type('number')})${tensor(ctx)} {
  if (depth === 0) return x;${fault}
  const y = ${ctx.layers}.activation({ activation: 'tanh' }).apply(x);
  return ${stack}(${ctx.layers}.batchNormalization().apply(y), depth - 1);
}`);
  const given = ctx.name('input');
  ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
  const body = steps.reduce((x, step) => `${layer(ctx, step)}.apply(${x})`, given);
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${stack}(${body}, ${random.int(1, 3)}) });`);
  use(ctx, model, input, out);
}

/** An immediately called function, try, switch: the wrapping of scripts. */
function wrapped(ctx: Context): void {
  const { input, steps, out } = plan(ctx, [2, 4]);
  const kind = ctx.name('kind');
  const model = ctx.name('model');
  const lines = steps
    .map((step, i) => `m.add(${layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {})});`)
    .join('\n');
  const make = `const m = tf.sequential();\n${lines}\n`;
  switch (ctx.random.int(0, 2)) {
    case 0:
      ctx.write(`const ${model} = (() => {\n${indent(`${make}return m;`)}\n})();`);
      break;
    case 1:
      ctx.write(
        `const ${kind}${ctx.type('string')} = 'deep';\nlet ${model};\nswitch (${kind}) {\n  case 'shallow':\n    ${model} = tf.sequential();\n    break;\n  case 'deep': {\n${indent(indent(`${make}${model} = m;`))}\n    break;\n  }\n  default:\n    throw new Error(\`no such net: \${${kind}}\`);\n}`,
      );
      break;
    default:
      ctx.write(`let ${model};\ntry {\n${indent(`${make}${model} = m;`)}\n} finally {\n  console.log('built');\n}`);
  }
  use(ctx, model, input, out);
}

export const functionIdioms: readonly Idiom[] = [
  { name: 'functions: a block with defaults, applied several times', weight: 9, write: blocks },
  { name: 'functions: a builder', weight: 7, write: builder },
  { name: 'functions: a builder with options', weight: 6, write: configured },
  { name: 'functions: curried layers', weight: 3, write: curried },
  { name: 'functions: layers from map, flatMap, filter, generators', weight: 5, write: lists },
  { name: 'functions: recursion with a bound', weight: 1, write: recursion },
  { name: 'functions: called at once, in switch or try', weight: 2, write: wrapped },
];

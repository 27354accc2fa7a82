import { type Context, flag, indent } from '../context';
import { drawFault } from '../layerFaults';
import type { Dims } from '../steps';
import { layer, number } from '../values';
import { type Idiom, inputOf, use } from './idiom';

/** Loops that write the stages of a convolutional net; `x` is the variable that goes through. */
type Loop = (
  ctx: Context,
  x: string,
  filters: readonly number[],
  stage: (filters: string, i: string) => string,
) => string;

const loops: readonly Loop[] = [
  (ctx, _, filters, stage) => {
    const table = ctx.name('stages');
    ctx.write(
      `const ${table} = [${filters.map((f) => `{ filters: ${f}, label: 'f${f}' }`).join(', ')}]${ctx.typescript && ctx.random.chance(0.4) ? ' as const' : ''};`,
    );
    return `for (const { filters${ctx.random.chance(0.3) ? ' = 4' : ''} } of ${table}) {\n${indent(stage('filters', '0'))}\n}`;
  },
  (ctx, _, filters, stage) => {
    const table = ctx.name('widths');
    ctx.write(`const ${table} = [${filters.join(', ')}];`);
    return `for (let i = 0; i < ${table}.length; ${ctx.random.pick(['i++', '++i', 'i += 1'])}) {\n${indent(stage(`${table}[i]`, 'i'))}\n}`;
  },
  (ctx, _, filters, stage) => {
    const table = ctx.name('widths');
    ctx.write(`const ${table} = [${filters.join(', ')}];`);
    return `for (const [i, width] of ${table}.entries()) {\n${indent(stage('width', 'i'))}\n}`;
  },
  (ctx, _, filters, stage) => {
    const table = ctx.name('widths');
    ctx.write(`const ${table} = [${filters.join(', ')}];`);
    return `${table}.forEach((width, i) => {\n${indent(stage('width', 'i'))}\n});`;
  },
  (ctx, _, filters, stage) => {
    const table = ctx.name('blocks');
    ctx.write(`const ${table} = { ${filters.map((f, i) => `stage${i}: { filters: ${f} }`).join(', ')} };`);
    return `for (const [key, block] of Object.entries(${table})) {\n${indent(stage('block.filters', '0'))}\n}`;
  },
  (ctx, _, filters, stage) => {
    const base = number(ctx, filters[0] ?? 4);
    const i = ctx.name('level');
    return `let ${i} = 0;\nwhile (${i} < ${filters.length}) {\n${indent(stage(`(${base}) * 2 ** ${i}`, i))}\n  ${i}++;\n}`;
  },
  (ctx, _, filters, stage) => {
    const base = number(ctx, filters[0] ?? 4);
    return `for (let i = 0; i < ${filters.length}; i++) {\n${indent(stage(`(${base}) * Math.pow(2, i)`, 'i'))}\n}`;
  },
  (ctx, _, filters, stage) =>
    `for (const width of Array.from({ length: ${filters.length} }, (_, k) => (${number(ctx, filters[0] ?? 4)}) * (k + 1))) {\n${indent(stage('width', '0'))}\n}`,
  (ctx, _, filters, stage) => {
    const table = ctx.name('widths');
    ctx.write(`const ${table} = [${[...filters].reverse().join(', ')}];`);
    return `for (let i = ${table}.length - 1; i >= 0; i--) {\n${indent(stage(`${table}[i]`, 'i'))}\n}`;
  },
  (ctx, _, filters, stage) => {
    const table = ctx.name('widths');
    ctx.write(`const ${table} = [${filters.join(', ')}, 0, 99];`);
    return `for (const width of ${table}) {\n  if (width === 0) break;\n${indent(stage('width', '0'))}\n}`;
  },
  (ctx, _, filters, stage) => {
    const table = ctx.name('widths');
    ctx.write(`const ${table} = new Map([${filters.map((f, i) => `['s${i}', ${f}]`).join(', ')}]);`);
    return `for (const [, width] of ${table}) {\n${indent(stage('width', '0'))}\n}`;
  },
];

/** Stages as in a small VGG: convolution, norm, activation, and pooling where there is room. */
function convolutional(ctx: Context, functional: boolean): void {
  const { random } = ctx;
  const side = random.pick([8, 12, 16]);
  const input: Dims = [side, side, random.pick([1, 3])];
  const filters = Array.from({ length: random.int(2, 3) }, () => random.pick([2, 3, 4, 6, 8]));
  const x = ctx.name(functional ? 'x' : 'model');
  const given = ctx.name('input');
  const step = (expression: string): string =>
    functional ? `${x} = ${ctx.symbolic(`${expression}.apply(${x})`)};` : `${x}.add(${expression});`;
  if (functional)
    ctx.write(`const ${given} = ${inputOf(ctx, input)};\nlet ${x}${ctx.type('tf.SymbolicTensor')} = ${given};`);
  else
    ctx.write(
      `const ${x} = tf.sequential();\n${x}.add(${ctx.layers}.inputLayer({ inputShape: [${input.join(', ')}] }));`,
    );
  const useNorm = random.chance(0.6);
  const pooled = random.chance(0.6);
  const named = random.chance(0.3);
  const inside = ctx.faulty && random.chance(0.4);
  const fault = inside ? `\n${step(layer(ctx, drawFault(random, [side, side, 99])))}` : '';
  const label = ctx.name('stage');
  const stage = (width: string, i: string): string => {
    const name = named && i !== '0' ? `, name: \`${label}_\${${i}}\`` : '';
    const lines = [
      step(
        `${ctx.layers}.conv2d({ filters: ${width}, kernelSize: 3, padding: 'same'${useNorm ? ', useBias: false' : ''}${name} })`,
      ),
      ...(useNorm ? [step(`${ctx.layers}.batchNormalization({ momentum: 0.9 })`)] : []),
      step(`${ctx.layers}.${random.pick(["activation({ activation: 'relu' })", 'reLU()', 'leakyReLU()'])}`),
      ...(pooled
        ? [
            i === '0' || random.chance(0.5)
              ? step(`${ctx.layers}.maxPooling2d({ poolSize: 2 })`)
              : `if (${i} < 2) ${step(`${ctx.layers}.maxPooling2d({ poolSize: 2 })`)}`,
          ]
        : []),
    ];
    return lines.join('\n') + fault;
  };
  ctx.write(random.pick(loops)(ctx, x, filters, stage));
  if (ctx.faulty && !inside) {
    ctx.write(
      step(
        `${ctx.layers}.${random.pick(['lstm({ units: 4 })', 'conv1d({ filters: 4, kernelSize: 2 })', "dense({ units: 3, activation: 'relu6x' })", 'repeatVector({ n: 2 })'])}${flag}`,
      ),
    );
  }
  ctx.write(step(`${ctx.layers}.${random.pick(['flatten()', 'globalAveragePooling2d({})'])}`));
  ctx.write(step(`${ctx.layers}.dense({ units: ${number(ctx, 5)}, activation: 'softmax' })`));
  const model = functional ? ctx.name('model') : x;
  if (functional) ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`);
  use(ctx, model, input, [5]);
}

/** Dense stages from a table of units. */
function dense(ctx: Context): void {
  const { random } = ctx;
  const input: Dims = [random.int(2, 12)];
  const units = Array.from({ length: random.int(2, 4) }, () => random.pick([2, 3, 4, 6, 8, 12]));
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.sequential();`);
  const list = ctx.name('units');
  ctx.write(`const ${list} = [${units.join(', ')}];`);
  const wrong = ctx.faulty
    ? `\n  if (i === ${random.int(0, units.length - 1)}) ${model}.add(${layer(ctx, drawFault(random, [99]))});`
    : '';
  const first = `...(i === 0 ? { inputShape: [${input.join(', ')}] } : {})`;
  const body = random.pick([
    `${model}.add(${ctx.layers}.dense({ units: n, ${first} }));`,
    `const options${ctx.typescript ? ': any' : ''} = { units: n, activation: 'relu' };\n  if (i === 0) options.inputShape = [${input.join(', ')}];\n  ${model}.add(${ctx.layers}.dense(options));`,
    `${model}.add(${ctx.layers}.dense({ units: n, inputShape: i === 0 ? [${input.join(', ')}] : undefined }));`,
    `if (i === 0) {\n    ${model}.add(${ctx.layers}.dense({ units: n, inputShape: [${input.join(', ')}] }));\n  } else {\n    ${model}.add(${ctx.layers}.dense({ units: n }));\n  }`,
  ]);
  ctx.write(`${list}.forEach((n, i) => {\n  ${body}${wrong}\n});`);
  ctx.write(`${model}.add(${ctx.layers}.dense({ units: 1 }));`);
  use(ctx, model, input, [1]);
}

export const loopIdioms: readonly Idiom[] = [
  { name: 'loop: convolutional stages of a sequential model', weight: 7, write: (ctx) => convolutional(ctx, false) },
  { name: 'loop: convolutional stages of a functional model', weight: 7, write: (ctx) => convolutional(ctx, true) },
  { name: 'loop: dense stages from a list of units', weight: 5, write: dense },
];

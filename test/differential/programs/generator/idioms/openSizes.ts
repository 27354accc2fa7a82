import { type Context, flag } from '../context';
import { number } from '../values';
import type { Idiom } from './idiom';

/** Pictures of any size: convolutions do not mind, a mean over height and width closes them. */
function anyImage(ctx: Context): void {
  const { random } = ctx;
  const given = ctx.name('input');
  ctx.write(`const ${given} = tf.input({ shape: [null, null, 3] });`);
  let x = given;
  const write = (layer: string): void => {
    const y = ctx.name('h');
    ctx.write(`const ${y} = ${ctx.symbolic(`${ctx.layers}.${layer}.apply(${x})`)};`);
    x = y;
  };
  for (let i = random.int(1, 3); i > 0; i -= 1) {
    const filters = number(ctx, random.pick([2, 4, 8]));
    write(
      `conv2d({ filters: ${filters}, kernelSize: 3, strides: ${random.pick([1, 2])}, padding: '${random.pick(['same', 'valid'])}' })`,
    );
    if (random.chance(0.5)) write('batchNormalization({ momentum: 0.9 })');
    if (random.chance(0.4)) write('maxPooling2d({ poolSize: 2 })');
    if (random.chance(0.3)) write('upSampling2d({ size: [2, 2] })');
  }
  if (ctx.faulty) write(`${random.pick(['lstm({ units: 3 })', 'repeatVector({ n: 2 })'])}${flag}`);
  if (random.chance(0.3)) {
    const c = ctx.name('channels');
    ctx.write(`const ${c} = ${x}.shape[3]${ctx.typescript ? ' as number' : ''};`);
    write(`conv2d({ filters: ${c} * 2, kernelSize: 1 })`);
  }
  write('globalAveragePooling2d({})');
  write(`dense({ units: ${number(ctx, 4)}, activation: 'softmax' })`);
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`);
  if (random.chance(0.4)) ctx.write(`${model}.predict(tf.zeros([1, 100, 96, 3]));`);
}

/** Sequences of any length. */
function anyLength(ctx: Context): void {
  const { random } = ctx;
  const features = random.int(1, 5);
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.sequential();`);
  const add = (layer: string): void => ctx.write(`${model}.add(${ctx.layers}.${layer});`);
  if (random.chance(0.5))
    add(`lstm({ units: ${random.int(2, 5)}, inputShape: [null, ${features}], returnSequences: true })`);
  else add(`conv1d({ filters: ${random.int(2, 6)}, kernelSize: 2, padding: 'same', inputShape: [null, ${features}] })`);
  for (let i = random.int(0, 2); i > 0; i -= 1) {
    add(
      random.pick([
        'layerNormalization()',
        'dropout({ rate: 0.2 })',
        'timeDistributed({ layer: tf.layers.dense({ units: 3 }) })',
        'gru({ units: 3, returnSequences: true })',
        'dense({ units: 4 })',
      ]),
    );
  }
  if (ctx.faulty)
    add(
      `${random.pick(['conv2d({ filters: 2, kernelSize: 3 })', 'maxPooling2d({ poolSize: 2 })', 'repeatVector({ n: 2 })'])}${flag}`,
    );
  else
    add(
      random.pick([
        'globalMaxPooling1d()',
        'globalAveragePooling1d()',
        'lstm({ units: 2 })',
        'bidirectional({ layer: tf.layers.gru({ units: 2 }), mergeMode: "concat" })',
      ]),
    );
  add('dense({ units: 1 })');
}

/** One options object, changed between layers. */
function changed(ctx: Context): void {
  const { random } = ctx;
  const side = random.pick([8, 12]);
  const options = ctx.name('convOptions');
  const any = ctx.typescript ? ': any' : '';
  const x = ctx.name('model');
  ctx.write(
    `const ${options}${any} = { filters: ${number(ctx, 4)}, kernelSize: [3, 3], padding: 'same', inputShape: [${side}, ${side}, 1] };`,
  );
  ctx.write(`const ${x} = tf.sequential();\n${x}.add(${ctx.layers}.conv2d(${options}));`);
  for (let i = random.int(1, 3); i > 0; i -= 1) {
    ctx.write(
      random.pick([
        `${options}.filters = ${number(ctx, random.pick([2, 6, 8]))};`,
        `${options}.filters *= 2;`,
        `${options}['kernelSize'] = ${random.pick(['[1, 1]', '5', '3'])};`,
        `Object.assign(${options}, { strides: ${random.pick([1, 2])} });`,
        `delete ${options}.inputShape;`,
        `${options}.padding = '${random.pick(['same', 'valid'])}';\n${options}.kernelSize = 1;`,
      ]),
    );
    ctx.write(`${x}.add(${ctx.layers}.conv2d(${options}));`);
  }
  if (ctx.faulty)
    ctx.write(
      `${options}.padding = '${random.pick(['SAME', 'full'])}';\n${x}.add(${ctx.layers}.conv2d(${options}));${flag}`,
    );
  const dims = ctx.name('dims');
  ctx.write(`const ${dims} = ${x}.outputShape${ctx.typescript ? ' as number[]' : ''};`);
  ctx.write(`${x}.add(${ctx.layers}.reshape({ targetShape: [${dims}[1] * ${dims}[2], ${dims}[3]] }));`);
  ctx.write(`${x}.add(${ctx.layers}.dense({ units: ${dims}[3] + 1 }));`);
}

/** Sizes of the input as an option of a function that builds. */
function sized(ctx: Context): void {
  const build = ctx.name('buildFor');
  const given = ctx.name('input');
  const any = ctx.typescript ? ': any' : '';
  const bad = ctx.faulty ? `\n  x = ${ctx.layers}.conv1d({ filters: 2, kernelSize: 1 }).apply(x);${flag}` : '';
  ctx.write(`function ${build}(shape${any}, depth = 1) {
  const ${given} = tf.input({ shape });
  let x${any} = ${given};
  for (let i = 0; i < depth; i++) {
    x = ${ctx.layers}.conv2d({ filters: 2 + i, kernelSize: 3, padding: 'same' }).apply(x);
  }${bad}
  const [batch, height, width, channels] = x.shape;
  if (height === null) throw new Error('the height must be known');
  const pool = ${ctx.layers}.averagePooling2d({ poolSize: [height, width] }).apply(x);
  return tf.model({ inputs: ${given}, outputs: ${ctx.layers}.reshape({ targetShape: [channels] }).apply(pool)${ctx.typescript ? ' as any' : ''} });
}`);
  ctx.write(`const ${ctx.name('small')} = ${build}([6, 8, 3]);`);
  ctx.write(`const ${ctx.name('large')} = ${build}([12, 10, 1], ${number(ctx, 2)});`);
}

export const openSizeIdioms: readonly Idiom[] = [
  { name: 'open sizes: pictures of any size', weight: 4, write: anyImage },
  { name: 'open sizes: sequences of any length', weight: 4, write: anyLength },
  { name: 'options: one object, changed between layers', weight: 3, write: changed },
  { name: 'options: a model for each input size', weight: 3, write: sized },
];

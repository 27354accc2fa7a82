import { type Context, flag } from '../context';
import type { Dims } from '../steps';
import { layer, number } from '../values';
import { batchOf, type Idiom, plan } from './idiom';

interface Trained {
  readonly model: string;
  readonly input: Dims;
  readonly out: Dims;
}

/** A small model that trains fast, itself without fault. */
function small(ctx: Context, norm = true): Trained {
  const { random } = ctx;
  const quiet = Object.create(ctx, { faulty: { value: false } }) as Context;
  const { input, steps } = plan(quiet, [0, 0], [random.int(2, 8)]);
  const out: Dims = [random.int(1, 4)];
  const model = ctx.name('model');
  ctx.write(`const ${model} = tf.sequential();`);
  const hidden = random.pick([4, 6, 8]);
  ctx.write(
    `${model}.add(${layer(ctx, { type: 'dense', options: { units: hidden, activation: 'relu' }, out: [hidden] }, { inputShape: input })});`,
  );
  if (norm && random.chance(0.4)) ctx.write(`${model}.add(${ctx.layers}.batchNormalization({ momentum: 0.9 }));`);
  ctx.write(`${model}.add(${ctx.layers}.dense({ units: ${number(ctx, out[0] ?? 1)} }));`);
  void steps;
  return { model, input, out };
}

const plus = (dims: Dims): Dims => dims.map((d) => d + 1);

function fit(ctx: Context): void {
  const { random } = ctx;
  const { model, input, out } = small(ctx);
  ctx.write(
    `${model}.compile({ optimizer: tf.train.${random.pick(['adam(1e-3)', 'sgd(0.01)', 'rmsprop(0.01)'])}, loss: 'meanSquaredError' });`,
  );
  const samples = random.int(6, 12);
  const wrong = ctx.faulty ? random.pick(['x', 'y', 'count', 'predict', 'evaluate']) : '';
  const x = ctx.name('xs');
  const y = ctx.name('ys');
  ctx.write(`const ${x} = tf.randomNormal(${batchOf(wrong === 'x' ? plus(input) : input, samples)});`);
  ctx.write(
    `const ${y} = tf.zeros(${batchOf(wrong === 'y' ? plus(out) : out, wrong === 'count' ? samples + 1 : samples)});`,
  );
  const mark = (here: readonly string[]): string => (here.includes(wrong) ? flag : '');
  const options = random.pick([
    '{ epochs: 1 }',
    '{ epochs: 2, batchSize: 3, shuffle: true }',
    '{ batchSize: 4, validationSplit: 0.5 }',
  ]);
  ctx.write(
    random.chance(0.8)
      ? `await ${model}.fit(${x}, ${y}, ${options});${mark(['x', 'y', 'count'])}`
      : `const ${ctx.name('history')} = await ${model}.fit(${x}, ${y});${mark(['x', 'y', 'count'])}`,
  );
  if (random.chance(0.5) || wrong === 'predict') {
    ctx.write(
      `const ${ctx.name('predicted')} = ${model}.predict(tf.ones(${batchOf(wrong === 'predict' ? plus(input) : input, random.int(1, 4))}));${mark(['predict'])}`,
    );
  }
  if (random.chance(0.3) || wrong === 'evaluate') {
    ctx.write(
      `const ${ctx.name('loss')} = ${model}.evaluate(${x}, ${wrong === 'evaluate' ? `tf.zeros(${batchOf(plus(out), samples)})` : y});${mark(['evaluate'])}`,
    );
  }
}

function customLoop(ctx: Context): void {
  const { random } = ctx;
  const { model, input, out } = small(ctx, false);
  const optimizer = ctx.name('optimizer');
  const batch = random.int(3, 6);
  const x = ctx.name('xs');
  const y = ctx.name('ys');
  ctx.write(`const ${optimizer} = tf.train.sgd(${number(ctx, 0.01)});`);
  ctx.write(
    `const ${x} = tf.ones(${batchOf(input, batch)});\nconst ${y} = tf.zeros(${batchOf(ctx.faulty ? [(out[0] ?? 1) + 4] : out, batch)});`,
  );
  const cast = ctx.typescript ? ' as any' : '';
  const target = out[0] === 1 && ctx.faulty ? `${y}.reshape([${batch * 5 + 1}])` : y;
  const loss = random.chance(0.5)
    ? `const error = (predicted${cast}).sub(${target});${ctx.faulty ? flag : ''}\n    return error.square().mean()${cast};`
    : `const difference = tf.squaredDifference(predicted${cast}, ${target});${ctx.faulty ? flag : ''}\n    return difference.mean()${cast};`;
  const step = random.pick(['minimize', 'variableGrads']);
  const body = `const predicted = ${model}.apply(${x}, { training: true });\n    ${loss}`;
  ctx.write(
    step === 'minimize'
      ? `for (let step = 0; step < 2; step++) {\n  ${optimizer}.minimize(() => {\n    ${body}\n  });\n}`
      : `for (let step = 0; step < 2; step++) {\n  const { value, grads } = tf.variableGrads(() => {\n    ${body}\n  });\n  ${optimizer}.applyGradients(grads${cast});\n  value.dispose();\n}`,
  );
}

function dataset(ctx: Context): void {
  const { random } = ctx;
  const { model, input, out } = small(ctx);
  const data = ctx.name('dataset');
  const wrong = ctx.faulty ? plus(input) : input;
  const count = random.int(4, 8);
  ctx.write(`${model}.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });`);
  ctx.write(
    random.pick([
      `const ${data} = tf.data.array(Array.from({ length: ${count} }, () => ({ xs: tf.zeros([${wrong}]), ys: tf.ones([${out}]) }))).batch(2);`,
      `const ${data} = tf.data.zip({ xs: tf.data.array(Array.from({ length: ${count} }, () => tf.zeros([${wrong}]))), ys: tf.data.array(Array.from({ length: ${count} }, () => tf.ones([${out}]))) }).batch(3);`,
      `const ${data} = tf.data.generator(function* () {\n  for (let i = 0; i < ${count}; i++) yield { xs: tf.zeros([${wrong}]), ys: tf.ones([${out}]) };\n}${ctx.typescript ? ' as any' : ''}).batch(2);`,
      `const ${data} = tf.data.array([${Array.from({ length: count }, (_, i) => i)}]).map((i) => ({ xs: tf.fill([${wrong}], i), ys: tf.zeros([${out}]) })).batch(2);`,
    ]),
  );
  ctx.write(
    `await ${model}.fitDataset(${data}${ctx.typescript ? ' as any' : ''}, { epochs: 1 });${ctx.faulty ? flag : ''}`,
  );
}

export const trainingIdioms: readonly Idiom[] = [
  { name: 'training: compile, fit, predict, evaluate', weight: 8, write: fit },
  { name: 'training: a loop of one’s own', weight: 4, write: customLoop },
  { name: 'training: from a dataset', weight: 2, write: dataset },
];

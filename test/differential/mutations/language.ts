/** Misuse of the language on tensors, promises and optimizers; losses that do not fit what the model gives. */
import type { Context } from '../programs/generator/context';
import type { Random } from '../programs/generator/random';
import { type Mutation, mark } from './mutation';

/** Code about the tensors `$x` and `$y`, with the misuse and without it. */
type Pair = readonly [planted: string, clean: string];

const OPERATORS: readonly Pair[] = [
  ['$x * 0.1', '$x.mul(0.1)'],
  ['0.5 * $x', 'tf.mul(0.5, $x)'],
  ['$x + $y', '$x.add($y)'],
  ['$x - $y', 'tf.sub($x, $y)'],
  ['1 - $x', 'tf.scalar(1).sub($x)'],
  ['-$x', '$x.neg()'],
  ['$x > 0', '$x.greater(0)'],
  ['$x.mean() / 2', '$x.mean().dataSync()[0] / 2'],
  ['Math.sqrt($x)', '$x.abs().sqrt()'],
  ['$x.shape === $y.shape', 'tf.util.arraysEqual($x.shape, $y.shape)'],
  ['$x.equal($y) ? 1 : 0', '$x.equal($y).all().dataSync()[0] ? 1 : 0'],
];

const LISTS: readonly Pair[] = [
  ['$x[0]', '$x.dataSync()[0]'],
  ['$x.length * 2', '$x.shape[0] * 2'],
  ['$x.map((v) => v * 2)', '$x.mul(2)'],
  ['[...$x]', '$x.unstack()'],
  ['$x.add($y)[1]', '$x.add($y).slice([1], [1])'],
  ['Math.max(...$x)', 'Math.max(...$x.max().dataSync())'],
];

const OPTIMIZERS: readonly Pair[] = [
  ['adam({ learningRate: 0.01 })', 'adam(0.01)'],
  ['sgd({ learningRate: 0.1 })', 'sgd(0.1)'],
  ['sgd()', 'sgd(0.01)'],
  ['momentum({ learningRate: 0.1, momentum: 0.9 })', 'momentum(0.1, 0.9)'],
  ['rmsprop({ lr: 0.001 })', 'rmsprop(0.001)'],
  ['adamax({ learningRate: 0.002 })', 'adamax()'],
];

/** Two tensors of one shape, in the ways in which programs come by them, and a line about them. */
function aboutTensors(ctx: Context, [wrong, right]: Pair, planted: boolean): void {
  const { random } = ctx;
  const [x, y, result] = [ctx.name('x'), ctx.name('y'), ctx.name('result')];
  const shape = `[${random.int(2, 6)}, ${random.int(2, 6)}]`;
  const code = (planted ? wrong : right).replaceAll('$x', x).replaceAll('$y', y);
  const line = `const ${result} = ${code};${mark(planted)}`;
  const make = (): string =>
    random.pick([`tf.randomNormal(${shape})`, `tf.ones(${shape})`, `tf.zeros(${shape}).add(1)`]);
  if (random.chance(0.4)) {
    const run = ctx.name('compute');
    const [a, b] = [make(), make()];
    ctx.write(
      `const ${run} = (${ctx.typescript ? `${x}: any, ${y}: any` : `${x}, ${y}`}) => {\n  ${line}\n  return ${result};\n};\n${run}(${a}, ${b});`,
    );
    return;
  }
  ctx.write(`const ${x} = ${make()};\nconst ${y} = ${make()};\n${line}`);
}

/** A net of dense layers; the last one as given. */
function net(ctx: Context, last: string, flagged = ''): { model: string; input: number } {
  const { random } = ctx;
  const model = ctx.name('model');
  const input = random.int(3, 9);
  ctx.write(
    `const ${model} = tf.sequential();\n${model}.add(${ctx.layers}.dense({ units: ${random.int(4, 9)}, activation: 'relu', inputShape: [${input}] }));\n${model}.add(${last});${flagged}`,
  );
  return { model, input };
}

const classes = (random: Random): number => random.int(2, 9);

export const languageMutations: readonly Mutation[] = [
  {
    rule: 'NL124',
    name: 'an operator on tensors',
    write: (ctx, planted) => aboutTensors(ctx, ctx.random.pick(OPERATORS), planted),
  },
  {
    rule: 'NL126',
    name: 'a tensor read like a list',
    write: (ctx, planted) => aboutTensors(ctx, ctx.random.pick(LISTS), planted),
  },
  {
    rule: 'NL125',
    name: 'an optimizer given an object',
    write(ctx, planted) {
      const optimizer = ctx.name('optimizer');
      const [wrong, right] = ctx.random.pick(OPTIMIZERS);
      ctx.write(`const ${optimizer} = tf.train.${planted ? wrong : right};${mark(planted)}`);
      if (!ctx.random.chance(0.5)) return;
      const { model } = net(ctx, `${ctx.layers}.dense({ units: 1 })`);
      ctx.write(`${model}.compile({ optimizer: ${optimizer}, loss: 'meanSquaredError' });`);
    },
  },
  {
    rule: 'NL222',
    name: 'a fit that is not awaited',
    write(ctx, planted) {
      const { random } = ctx;
      const { model, input } = net(ctx, `${ctx.layers}.dense({ units: 1 })`);
      const [train, x] = [ctx.name('train'), ctx.name('x')];
      const fit = `${model}.fit(${x}, tf.ones([8, 1]), { epochs: ${random.int(1, 20)} });${mark(planted)}`;
      const next = random.pick([
        `${model}.predict(${x})`,
        `${model}.evaluate(${x}, tf.ones([8, 1]))`,
        `${model}.predictOnBatch(${x})`,
      ]);
      ctx.write(
        `${model}.compile({ optimizer: 'adam', loss: 'meanSquaredError' });\nasync function ${train}() {\n  const ${x} = tf.ones([8, ${input}]);\n  ${planted ? '' : 'await '}${fit}\n  return ${next};\n}${random.chance(0.5) ? `\n${train}();` : ''}`,
      );
    },
  },
  {
    rule: 'NL223',
    name: 'a softmax over one value',
    write(ctx, planted) {
      const units = planted ? 1 : classes(ctx.random);
      net(ctx, `${ctx.layers}.dense({ units: ${units}, activation: 'softmax' })`, mark(planted));
    },
  },
  {
    rule: 'NL224',
    name: 'a cross-entropy on what is no probability',
    write(ctx, planted) {
      const { random } = ctx;
      const isBinary = random.chance(0.5);
      const wrong = random.pick(['', ", activation: 'relu'", ", activation: 'tanh'", ", activation: 'linear'"]);
      const right = `, activation: '${isBinary ? 'sigmoid' : 'softmax'}'`;
      const units = isBinary ? 1 : classes(random);
      const { model } = net(ctx, `${ctx.layers}.dense({ units: ${units}${planted ? wrong : right} })`);
      const loss = isBinary ? 'binaryCrossentropy' : 'categoricalCrossentropy';
      ctx.write(`${model}.compile({ optimizer: 'adam', loss: '${loss}' });${mark(planted)}`);
    },
  },
  {
    rule: 'NL127',
    name: 'an option that no layer knows',
    write(ctx, planted) {
      const { random } = ctx;
      const [right, ...wrong] = random.pick([
        ['activation', 'activataion', 'activations', 'actvation'],
        ['kernelInitializer', 'kernalInitializer', 'kernel_initializer', 'kernelInitialiser'],
        ['useBias', 'use_bias', 'bias'],
      ] as const);
      const value = { activation: "'relu'", kernelInitializer: "'glorotNormal'", useBias: 'true' }[right];
      const key = planted ? random.pick(wrong) : right;
      net(ctx, `${ctx.layers}.dense({ units: ${classes(random)}, ${key}: ${value} })`, mark(planted));
    },
  },
  {
    rule: 'NL225',
    name: 'probabilities for logits',
    write(ctx, planted) {
      const { random } = ctx;
      const isBinary = random.chance(0.5);
      const units = isBinary ? 1 : classes(random);
      const activation = planted ? `, activation: '${isBinary ? 'sigmoid' : 'softmax'}'` : '';
      const { model } = net(ctx, `${ctx.layers}.dense({ units: ${units}${activation} })`);
      const loss = `${isBinary ? 'sigmoid' : 'softmax'}CrossEntropy`;
      ctx.write(`${model}.compile({ optimizer: 'adam', loss: tf.losses.${loss} });${mark(planted)}`);
    },
  },
];

/** Misuse in how models are trained: a clean chain with batch norm, and code about the model. */
import type { Context } from '../programs/generator/context';
import { indent } from '../programs/generator/context';
import type { Random } from '../programs/generator/random';
import type { Dims, Step } from '../programs/generator/steps';
import { number } from '../programs/generator/values';
import {
  anyInput,
  around,
  type Built,
  batchOf,
  type Chain,
  compile,
  compileAndFit,
  dense,
  fitOnly,
  healthy,
  imageInput,
  inChain,
  type Mutation,
  mark,
  norm,
  vectorInput,
} from './mutation';

/** A net with one batch norm (flagged or not) in the middle. */
function withNorm(
  random: Random,
  fault = false,
  type: 'batchNormalization' | 'layerNormalization' = 'batchNormalization',
  input: Dims = anyInput(random),
): Chain {
  return around(random, input, (dims) => {
    const lead: Step =
      dims.length === 3
        ? {
            type: 'conv2d',
            options: { filters: 6, kernelSize: 3, padding: 'same', useBias: false },
            out: [...dims.slice(0, -1), 6],
          }
        : dense(8, { useBias: false }, dims.slice(0, -1));
    return [lead, norm(random, type, lead.out, {}, fault), { type: 'reLU', options: {}, out: lead.out }];
  });
}

const withRate = (random: Random): Chain => {
  const { input, steps } = withNorm(random, false, 'layerNormalization');
  const dims = steps[0]?.out ?? input;
  const [head, ...rest] = steps;
  return head === undefined
    ? { input, steps }
    : { input, steps: [head, { type: 'dropout', options: { rate: 0.4 }, out: dims }, ...rest] };
};

/** Batch norm on vectors, so that one sample is one value per mean. */
function onVectors(random: Random, fault = false): Chain {
  const pooled = random.chance(0.3);
  const input = pooled ? imageInput(random) : vectorInput(random);
  const lead: Step[] = pooled ? [{ type: 'globalAveragePooling2d', options: {}, out: [input[2] ?? 1] }] : [];
  const width = random.pick([4, 8, 12]);
  return {
    input,
    steps: [
      ...lead,
      dense(width, { useBias: false }),
      norm(random, 'batchNormalization', [width], { momentum: 0.9 }, fault),
      { type: 'reLU', options: {}, out: [width] },
      dense(1),
    ],
  };
}

/** Draws until tfjs can derive every layer twice, as NL220 wants it under a penalty. */
function derivedTwice(draw: () => Chain): Chain {
  const once = /^(elu|selu|relu6|hardSigmoid)$|pool|leaky|prelu|thresholded|depthwise|separable|upSampling|maxValue/i;
  for (let tries = 0; tries < 50; tries += 1) {
    const chain = draw();
    const words = chain.steps.flatMap(({ type, options }) => [
      type,
      String(options.activation),
      ...Object.keys(options),
    ]);
    if (!words.some((word) => once.test(word))) return chain;
  }
  throw new Error('no chain in fifty can be derived twice');
}

interface Loss {
  /** Statements of the loss function before its return. */
  readonly lines?: readonly string[];
  readonly value: string;
}

/** One training step by hand, in the ways in which people write it. */
function step(ctx: Context, { lines = [], value }: Loss, times = 2): void {
  const { random } = ctx;
  const optimizer = ctx.name('optimizer');
  const cast = ctx.typescript ? ' as tf.Scalar' : '';
  const body = [...lines, `return ${value}${cast};`].join('\n');
  ctx.write(`const ${optimizer} = tf.train.${random.pick(['adam(1e-3)', 'sgd(0.01)', 'rmsprop(1e-4)'])};`);
  const loop = (text: string): string => `for (let step = 0; step < ${times}; step++) {\n${indent(text)}\n}`;
  switch (random.int(0, 3)) {
    case 0:
      ctx.write(loop(`${optimizer}.minimize(() => {\n${indent(body)}\n});`));
      return;
    case 1:
      ctx.write(
        loop(
          `const { value, grads } = tf.variableGrads(() => {\n${indent(body)}\n});\n${optimizer}.applyGradients(grads);\nvalue.dispose();`,
        ),
      );
      return;
    case 2: {
      const f = ctx.name('trainStep');
      ctx.write(`function ${f}() {\n  return ${optimizer}.minimize(() => {\n${indent(indent(body))}\n  }, true);\n}`);
      ctx.write(loop(`${f}();`));
      return;
    }
    default: {
      const f = ctx.name('lossFunction');
      ctx.write(`const ${f} = () => tf.tidy(() => {\n${indent(body)}\n});`);
      ctx.write(loop(`tf.tidy(() => ${optimizer}.minimize(${f}));`));
    }
  }
}

/** Tensors of a batch, and what makes a loss of a prediction. */
function batch(
  ctx: Context,
  { input, out }: Built,
): { readonly x: string; readonly loss: (prediction: string) => string } {
  const [x, y] = [ctx.name('xs'), ctx.name('ys')];
  const n = ctx.random.pick([16, 32]);
  ctx.write(`const ${x} = tf.randomNormal(${batchOf(input, n)});\nconst ${y} = tf.randomNormal(${batchOf(out, n)});`);
  const way = ctx.random.int(0, 2);
  return {
    x,
    loss: (prediction) =>
      way === 0
        ? `tf.losses.meanSquaredError(${y}, ${prediction})`
        : way === 1
          ? `tf.squaredDifference(${prediction}, ${y}).mean()`
          : `tf.mean(tf.square(tf.sub(${prediction}, ${y})))`,
  };
}

const TRUE = '{ training: true }';

export const trainingMutations: readonly Mutation[] = [
  inChain({
    rule: 'NL201',
    name: 'batches of one',
    chain: (random, planted) => onVectors(random, planted),
    follow(ctx, built, planted) {
      compileAndFit(ctx, built, planted ? { samples: ctx.random.int(20, 200), batch: 1, epochs: 30 } : healthy);
    },
  }),
  inChain({
    rule: 'NL201',
    name: 'a last batch of one',
    chain: (random, planted) => onVectors(random, planted),
    follow(ctx, built, planted) {
      const size = ctx.random.pick([8, 10, 16, 32]);
      const samples = size * ctx.random.int(2, 9) + (planted ? 1 : ctx.random.pick([0, 2, 5]));
      compileAndFit(ctx, built, { samples, batch: size, epochs: 300 });
    },
  }),
  inChain({
    rule: 'NL201',
    name: 'trainOnBatch of one',
    chain: (random, planted) => onVectors(random, planted),
    follow(ctx, built, planted) {
      const n = planted ? 1 : 16;
      compile(ctx, built);
      ctx.write(
        `for (let i = 0; i < 500; i++) await ${built.model}.trainOnBatch(tf.ones(${batchOf(built.input, n)}), tf.zeros(${batchOf(built.out, n)}));`,
      );
      ctx.write('await tf.nextFrame();');
    },
  }),
  inChain({
    rule: 'NL203',
    name: 'too few steps for the momentum',
    chain(random, planted) {
      const { input, steps } = withNorm(random, planted);
      const momentum = random.pick([0.99, 0.999]);
      return {
        input,
        steps: steps.map((s) => (s.type === 'batchNormalization' ? { ...s, options: { ...s.options, momentum } } : s)),
      };
    },
    follow(ctx, built, planted) {
      const few = { samples: ctx.random.pick([320, 640]), batch: 32, epochs: ctx.random.int(1, 6) };
      compileAndFit(ctx, built, planted ? few : { ...few, epochs: 400 });
    },
  }),
  inChain({
    rule: 'NL204',
    name: 'a training step in inference mode',
    chain: (random) => (random.chance(0.7) ? withNorm(random) : withRate(random)),
    follow(ctx, built, planted) {
      const { x, loss } = batch(ctx, built);
      const wrong = ctx.random.pick([
        `${built.model}.apply(${x})`,
        `${built.model}.predict(${x})`,
        `${built.model}.apply(${x}, { training: false })`,
      ]);
      const call = planted ? wrong : `${built.model}.apply(${x}, ${TRUE})`;
      if (ctx.random.chance(0.5)) step(ctx, { value: `${loss(call)}${mark(planted)}` });
      else step(ctx, { lines: [`const predicted = ${call};${mark(planted)}`], value: loss('predicted') });
    },
  }),
  inChain({
    rule: 'NL205',
    name: 'the training flag outside training',
    chain: (random) => withNorm(random),
    follow(ctx, { model, input }, planted) {
      const y = ctx.name('scores');
      const n = ctx.random.int(1, 8);
      const call = `${model}.apply(tf.randomNormal(${batchOf(input, n)})${planted ? `, ${TRUE}` : ''})`;
      const f = ctx.name('classify');
      if (ctx.random.chance(0.5)) ctx.write(`const ${y} = ${call};${mark(planted)}\n${y}.print();`);
      else ctx.write(`function ${f}() {\n  return tf.tidy(() => ${call});${mark(planted)}\n}\n${f}().print();`);
    },
  }),
  inChain({
    rule: 'NL206',
    name: 'batch norm with trainable = false in fit',
    chain: (random) => withNorm(random),
    follow(ctx, built, planted) {
      const { random } = ctx;
      const { model } = built;
      const off = random.pick([
        `for (const layer of ${model}.layers.slice(0, -1)) layer.trainable = false;`,
        `${model}.layers.slice(0, -1).forEach((layer) => {\n  layer.trainable = false;${mark(planted)}\n});`,
        `for (let i = 0; i < ${model}.layers.length - 1; i++) ${model}.layers[i].trainable = false;`,
      ]);
      const flagged = off.includes('\n') ? off : `${off}${mark(planted)}`;
      if (planted) ctx.write(flagged);
      compileAndFit(ctx, built);
    },
  }),
  inChain({
    rule: 'NL206',
    name: 'batch norm made with trainable: false',
    chain(random, planted) {
      const { input, steps } = withNorm(random, planted);
      return {
        input,
        steps: steps.map((s) =>
          s.type === 'batchNormalization' ? { ...s, options: { ...s.options, trainable: !planted } } : s,
        ),
      };
    },
    follow: (ctx, built) => compileAndFit(ctx, built),
  }),
  inChain({
    rule: 'NL208',
    name: 'batch norm in a critic under a gradient penalty',
    chain: (random, planted) =>
      derivedTwice(() =>
        withNorm(
          random,
          planted,
          planted || random.chance(0.3) ? 'batchNormalization' : 'layerNormalization',
          random.pick([vectorInput, imageInput])(random),
        ),
      ),
    follow(ctx, { model, input }, planted) {
      const { random } = ctx;
      const n = random.pick([8, 16]);
      const [real, fake] = [ctx.name('real'), ctx.name('fake')];
      ctx.write(
        `const ${real} = tf.randomNormal(${batchOf(input, n)});\nconst ${fake} = tf.randomNormal(${batchOf(input, n)});`,
      );
      const flag = random.chance(0.6) ? `, ${TRUE}` : '';
      const grad = random.pick([
        `const gradient = tf.grad((v) => ${model}.apply(v${flag}).sum())(${real});`,
        `const score = (v) => tf.sum(${model}.apply(v${flag}));\nconst [gradient] = tf.grads(score)([${real}]);`,
        `const { grad: gradient } = tf.valueAndGrad((v) => ${model}.apply(v${flag}).mean())(${real});`,
      ]);
      const lines = ctx.typescript ? grad.replace('(v)', '(v: tf.Tensor)') : grad;
      // Without a penalty nothing couples the samples' gradients: batch norm may stay.
      const penalty = `gradient.square().sum().sqrt().sub(1).square()`;
      const base = `${model}.apply(${fake}, ${TRUE}).mean()`;
      const clean = !planted && ctx.body.some((text) => text.includes('batchNormalization'));
      if (clean || (!planted && ctx.top.some((text) => text.includes('batchNormalization'))))
        step(ctx, { value: base });
      else step(ctx, { lines: [lines], value: `${base}.add(${penalty}.mul(10))` });
    },
  }),
  inChain({
    rule: 'NL220',
    name: 'an activation that cannot be derived twice in a critic under a gradient penalty',
    chain: (random, planted) => {
      const input = vectorInput(random);
      const width = random.pick([4, 8]);
      const type = planted ? random.pick(['leakyReLU', 'elu', 'prelu']) : 'reLU';
      return {
        input,
        steps: [dense(width, {}), { type, options: {}, out: [width], fault: planted }, dense(1)],
      };
    },
    follow(ctx, { model, input }) {
      const real = ctx.name('real');
      ctx.write(`const ${real} = tf.randomNormal(${batchOf(input, 8)});`);
      const v = ctx.typescript ? 'v: tf.Tensor' : 'v';
      const grad = ctx.random.pick([
        `const gradient = tf.grad((${v}) => ${model}.apply(v, ${TRUE}).sum())(${real});`,
        `const [gradient] = tf.grads((${v}) => tf.sum(${model}.apply(v)))([${real}]);`,
        `const { grad: gradient } = tf.valueAndGrad((${v}) => ${model}.predict(v).mean())(${real});`,
      ]);
      step(ctx, { lines: [grad], value: 'gradient.square().sum().sqrt().sub(1).square()' });
    },
  }),
  inChain({
    rule: 'NL221',
    name: 'a recurrent layer over one time step behind what trains',
    chain: (random, planted) => {
      const [width, units] = [random.pick([4, 8]), random.pick([2, 3])];
      const time = planted ? 1 : random.int(2, 4);
      const layer: Step = { type: random.pick(['lstm', 'gru', 'simpleRNN']), options: { units }, out: [units] };
      const recurrent: Step = random.chance(0.3)
        ? {
            type: 'bidirectional',
            options: { layer: { layer }, mergeMode: 'concat' },
            out: [2 * units],
            fault: planted,
          }
        : { ...layer, fault: planted };
      return random.chance(0.5)
        ? { input: [time, 5], steps: [dense(width, {}, [time]), recurrent, dense(1)] }
        : {
            input: [5],
            steps: [
              dense(width),
              { type: 'repeatVector', options: { n: time }, out: [time, width] },
              recurrent,
              dense(1),
            ],
          };
    },
    follow: (ctx, built) => compileAndFit(ctx, built),
  }),
  inChain({
    rule: 'NL209',
    name: 'one batch norm on two batches a step',
    chain: (random) => withNorm(random),
    follow(ctx, { model, input }, planted) {
      const n = 16;
      const [real, fake] = [ctx.name('real'), ctx.name('fake')];
      ctx.write(
        `const ${real} = tf.randomNormal(${batchOf(input, n)});\nconst ${fake} = tf.randomNormal(${batchOf(input, n)});`,
      );
      if (!planted) step(ctx, { value: `${model}.apply(${ctx.random.pick([real, fake])}, ${TRUE}).mean()` });
      else if (ctx.random.chance(0.6))
        step(ctx, {
          lines: [
            `const a = ${model}.apply(${real}, ${TRUE});`,
            `const b = ${model}.apply(${fake}, ${TRUE});${mark(true)}`,
          ],
          value: 'b.mean().sub(a.mean())',
        });
      else
        step(ctx, {
          lines: [`const all = ${model}.apply(tf.concat([${real}, ${fake}]), ${TRUE});${mark(true)}`],
          value: 'all.mean()',
        });
    },
  }),
  inChain({
    rule: 'NL211',
    name: 'gradients summed over micro-batches',
    chain: (random, planted) =>
      withNorm(random, false, planted || random.chance(0.5) ? 'batchNormalization' : 'layerNormalization'),
    follow(ctx, { model, input }, planted) {
      const { random } = ctx;
      const [optimizer, x, sums] = [ctx.name('optimizer'), ctx.name('xs'), ctx.name('sums')];
      const any = ctx.typescript ? ': any' : '';
      ctx.write(`const ${optimizer} = tf.train.sgd(0.01);\nconst ${x} = tf.randomNormal(${batchOf(input, 32)});`);
      const take = random.pick([
        `tf.variableGrads(() => ${model}.apply(part, ${TRUE}).mean())`,
        `${optimizer}.computeGradients(() => ${model}.apply(part, ${TRUE}).mean())`,
      ]);
      const parts = random.pick([2, 4]);
      const batchNorm = [...ctx.top, ...ctx.body].some((text) => text.includes('batchNormalization'));
      if (!planted && batchNorm) {
        ctx.write(
          `for (const part of tf.split(${x}, ${parts})) {\n  const { grads } = ${take};\n  ${optimizer}.applyGradients(grads);\n}`,
        );
        return;
      }
      ctx.write(`let ${sums}${any} = null;`);
      ctx.write(
        `for (const part of tf.split(${x}, ${parts})) {\n  const { grads } = ${take};${mark(planted)}\n  ${sums} = ${sums} === null ? grads : Object.fromEntries(Object.keys(grads).map((key) => [key, ${sums}[key].add(grads[key])]));\n}`,
      );
      ctx.write(`${optimizer}.applyGradients(${sums});`);
    },
  }),
  inChain({
    rule: 'NL226',
    name: 'a step that trains its critic, too',
    chain: (random) => withNorm(random, false, 'layerNormalization'),
    follow(ctx, { model, input, out }, planted) {
      const { random } = ctx;
      const [critic, xs, real] = [ctx.name('critic'), ctx.name('xs'), ctx.name('real')];
      const [own, other] = [ctx.name('optimizer'), ctx.name('criticOptimizer')];
      const list = (of: string): string =>
        random.pick([`, false, ${of}.trainableWeights.map((w) => w.read())`, `, true, ${of}.getWeights()`]);
      const shape = `inputShape: [${out.map((d) => number(ctx, d)).join(', ')}]`;
      const { layers } = ctx;
      const judge =
        out.length > 1
          ? `${layers}.flatten({ ${shape} }), ${layers}.dense({ units: 1 })`
          : `${layers}.dense({ units: 1, ${shape} })`;
      const score = (x: string): string => `${critic}.apply(${x}).mean()`;
      ctx.write(
        `const ${critic} = tf.sequential({ layers: [${judge}] });
const ${xs} = tf.randomNormal(${batchOf(input, 8)});
const ${real} = tf.randomNormal(${batchOf(out, 8)});
const [${own}, ${other}] = [tf.train.adam(1e-3), tf.train.adam(1e-3)];
for (let i = 0; i < ${random.int(2, 9)}; i++) {
  ${other}.minimize(() => ${score(`${model}.predict(${xs})`)}.sub(${score(real)})${list(critic)});
  ${own}.minimize(() => ${score(`${model}.apply(${xs}, ${TRUE})`)}.neg()${planted ? '' : list(model)});${mark(planted)}
}`,
      );
    },
  }),
  {
    rule: 'NL226',
    name: 'a target that is trained',
    write(ctx, planted) {
      const { random } = ctx;
      const [build, online, target] = [ctx.name('build'), ctx.name('online'), ctx.name('target')];
      const [goal, optimizer, next] = [ctx.name('goal'), ctx.name('optimizer'), ctx.name('next')];
      const size = random.int(2, 8);
      const layer = `${ctx.layers}.dense({ units: ${random.int(2, 5)}, inputShape: [${size}] })`;
      const made = `const ${goal} = ${target}.predict(${next}).max(-1).mul(0.9);`;
      const loss = `tf.losses.meanSquaredError(${goal}, ${online}.apply(${next}).max(-1))`;
      ctx.write(
        `const ${build} = () => tf.sequential({ layers: [${layer}] });
const [${online}, ${target}] = [${build}(), ${build}()];
const ${optimizer} = tf.train.sgd(0.01);
const ${next} = tf.randomNormal([4, ${size}]);
for (let i = 0; i < ${random.int(2, 9)}; i++) {
${planted ? '' : `  ${made}\n`}  ${optimizer}.minimize(() => {${mark(planted)}
${planted ? `    ${made}\n` : ''}    return ${loss};
  });
  ${target}.setWeights(${online}.getWeights());
}`,
      );
    },
  },
  inChain({
    rule: 'NL217',
    name: 'batches of two',
    chain: (random, planted) => withNorm(random, planted),
    follow: (ctx, built, planted) =>
      compileAndFit(ctx, built, { samples: 640, batch: planted ? 2 : ctx.random.pick([16, 32, 64]), epochs: 300 }),
  }),
  inChain({
    rule: 'NL217',
    name: 'trainOnBatch of two',
    chain: (random, planted) => withNorm(random, planted),
    follow(ctx, built, planted) {
      compile(ctx, built);
      const n = planted ? 2 : 16;
      ctx.write(
        `for (let i = 0; i < 1000; i++) await ${built.model}.trainOnBatch(tf.ones(${batchOf(built.input, n)}), tf.zeros(${batchOf(built.out, n)}));`,
      );
      ctx.write('await tf.nextFrame();');
    },
  }),
  inChain({
    rule: 'NL218',
    name: 'frozen after compile, then trained',
    chain: (random) => withNorm(random, false, 'layerNormalization'),
    follow(ctx, built, planted) {
      compile(ctx, built);
      if (planted || ctx.random.chance(0.5)) ctx.write(`${built.model}.trainable = false;`);
      if (!planted) {
        ctx.write(`${built.model}.trainable = true;`);
        compile(ctx, built);
      }
      fitOnly(ctx, built, healthy, mark(planted));
    },
  }),
  inChain({
    rule: 'NL218',
    name: 'thawed after compile',
    chain(random) {
      const { input, steps } = withNorm(random, false, 'layerNormalization');
      return {
        input,
        steps: steps.map((s, i) =>
          i === steps.length - 1 ? { ...s, options: { ...s.options, trainable: false } } : s,
        ),
      };
    },
    follow(ctx, built, planted) {
      const thaw = `${built.model}.layers[${built.model}.layers.length - 1].trainable = true;`;
      if (!planted) ctx.write(thaw);
      compile(ctx, built);
      if (planted) ctx.write(`${thaw}${mark(true)}`);
      fitOnly(ctx, built);
    },
  }),
];

/** Sizes that `setWeights` and averages go over: a function that makes the same net twice. */
function twice(ctx: Context, type: string): { readonly make: string; readonly features: number } {
  const make = ctx.name(ctx.random.pick(['makeNet', 'buildModel', 'createNetwork']));
  const [features, width] = [ctx.random.int(3, 8), ctx.random.pick([4, 6])];
  const layers = `${ctx.layers}.dense({ units: ${number(ctx, width)}, inputShape: [${features}] }), ${ctx.layers}.${type}(), ${ctx.layers}.dense({ units: ${width} })`;
  ctx.write(
    ctx.random.chance(0.5)
      ? `const ${make} = () => tf.sequential({ layers: [${layers}] });`
      : `function ${make}() {\n  const net = tf.sequential();\n${layers
          .split(/, (?=tf\.layers|layers\.|L\.)/)
          .map((l) => `  net.add(${l});`)
          .join('\n')}\n  return net;\n}`,
  );
  return { make, features };
}

export const copyMutations: readonly Mutation[] = [
  {
    rule: 'NL115',
    name: 'weights copied between models with other trainable flags',
    write(ctx, planted) {
      const { make } = twice(ctx, planted || ctx.random.chance(0.5) ? 'batchNormalization' : 'layerNormalization');
      const [online, target] = [ctx.name('online'), ctx.name('target')];
      ctx.write(`const ${online} = ${make}();\nconst ${target} = ${make}();`);
      const frozen = ctx.random.pick([online, target]);
      const freeze = ctx.random.pick([`${frozen}.layers[0].trainable = false;`, `${frozen}.trainable = false;`]);
      const copy = ctx.random.pick([
        `${target}.setWeights(${online}.getWeights());`,
        `const copied = ${online}.getWeights();\n${target}.setWeights(copied);`.replaceAll(
          'copied',
          ctx.name('copied'),
        ),
      ]);
      ctx.write(planted ? `${freeze}\n${copy}${mark(true)}` : `${copy}\n${freeze}`);
    },
  },
  {
    rule: 'NL214',
    name: 'a target that takes only the trainable weights',
    write(ctx, planted) {
      const { make } = twice(ctx, 'batchNormalization');
      const [online, target, tau] = [ctx.name('online'), ctx.name('target'), ctx.name('tau')];
      ctx.write(`const ${online} = ${make}();\nconst ${target} = ${make}();\nconst ${tau} = 0.01;`);
      const list = planted ? 'trainableWeights' : 'weights';
      const any = ctx.typescript ? ': any' : '';
      const mean = `weight.read().mul(1 - ${tau}).add(${online}.${list}[i].read().mul(${tau}))`;
      ctx.write(
        ctx.random.pick([
          `${target}.${list}.forEach((weight${any}, i${ctx.type('number')}) => {\n  weight.write(${mean});${mark(planted)}\n});`,
          `for (let i = 0; i < ${target}.${list}.length; i++) {\n  const weight = ${target}.${list}[i];\n  weight.write(tf.tidy(() => ${mean}));${mark(planted)}\n}`,
          `for (const [i, weight] of ${target}.${list}.entries()) weight.write(${online}.${list}[i].read());${mark(planted)}`,
          `function update${target}(from${any}, to${any}) {\n  for (let i = 0; i < from.${list}.length; i++) {\n    to.${list}[i].write(from.${list}[i].read());${mark(planted)}\n  }\n}\nupdate${target}(${online}, ${target});`,
        ]),
      );
    },
  },
];

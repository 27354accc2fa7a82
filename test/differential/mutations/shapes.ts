/** What tfjs refuses for its shapes, one kind of refusal a rule: NL001 to NL020. */
import type { Context } from '../programs/generator/context';
import type { Random } from '../programs/generator/random';
import type { Dims, Step } from '../programs/generator/steps';
import {
  around,
  batchOf,
  type Code,
  compile,
  headOf,
  imageInput,
  inChain,
  inCode,
  type Mutation,
  mark,
  sequenceInput,
  vectorInput,
} from './mutation';

const matrix = (random: Random): Dims => [random.int(3, 6), random.int(3, 6)];

/** One call on tensors: the flag is on its line. */
function call(tensors: Code['tensors'], expression: string, planted: boolean): Code {
  return { tensors, lines: [`const $y = ${expression};${mark(planted)}`], result: '$y' };
}

/** Two inputs with one layer each, ready to be merged. */
function branches(
  ctx: Context,
  one: Dims,
  two: Dims,
): { readonly a: string; readonly b: string; readonly inputs: string } {
  const [a, b] = [ctx.name('left'), ctx.name('right')];
  ctx.write(
    `const ${a} = tf.input({ shape: [${one.join(', ')}] });\nconst ${b} = tf.input({ shape: [${two.join(', ')}] });`,
  );
  return { a, b, inputs: `[${a}, ${b}]` };
}

/** A sequential or functional net of dense layers, by its name. */
function net(ctx: Context, features: number, units: number): string {
  const model = ctx.name('model');
  ctx.write(
    `const ${model} = tf.sequential();\n${model}.add(${ctx.layers}.dense({ units: 4, inputShape: [${features}] }));\n${model}.add(${ctx.layers}.dense({ units: ${units} }));`,
  );
  return model;
}

export const shapeMutations: readonly Mutation[] = [
  inChain({
    rule: 'NL001',
    name: 'a layer of another rank',
    chain: (random, planted) => {
      const image = random.chance(0.5);
      const input = image
        ? (planted ? sequenceInput : imageInput)(random)
        : (planted ? vectorInput : sequenceInput)(random);
      return around(random, input, (dims) => {
        const [h = 1, w = 1] = dims;
        const step: Step = image
          ? { type: 'conv2d', options: { filters: 4, kernelSize: 3, padding: 'same' }, out: [h, w, 4], fault: planted }
          : { type: random.pick(['lstm', 'gru']), options: { units: 4 }, out: [4], fault: planted };
        return [step];
      });
    },
  }),
  inCode({
    rule: 'NL002',
    name: 'operands that do not broadcast',
    code(random, planted) {
      const [n, m, k] = [random.int(2, 5), random.int(6, 8), random.int(9, 12)];
      const [x, y] = planted
        ? random.pick([
            [
              [n, m, k],
              [n, m],
            ],
            [
              [n, m],
              [n, k],
            ],
            [[n, m], [k]],
          ])
        : random.pick([
            [
              [n, m, k],
              [m, k],
            ],
            [
              [n, m],
              [n, 1],
            ],
            [[n, m], [m]],
          ]);
      const op = random.pick([
        '$x.add($other)',
        'tf.mul($x, $other)',
        'tf.sub($x, $other)',
        '$x.div($other)',
        'tf.maximum($x, $other)',
      ]);
      return call({ x: x ?? [], other: y ?? [] }, op, planted);
    },
  }),
  inCode({
    rule: 'NL003',
    name: 'inner sizes of a product that differ',
    code(random, planted) {
      const [a, b, c] = [random.int(2, 4), random.int(5, 7), random.int(8, 9)];
      return call(
        { x: [a, b], w: planted ? [c, b + 4] : [b, c] },
        random.pick(['tf.matMul($x, $w)', '$x.matMul($w)', 'tf.dot($x, $w)']),
        planted,
      );
    },
  }),
  inCode({
    rule: 'NL004',
    name: 'a reshape to another number of elements',
    code(random, planted) {
      const [a, b] = [random.int(2, 4), random.int(5, 7)];
      const size = a * b + (planted ? 1 : 0);
      return call(
        { x: [a, b] },
        random.pick([
          `$x.reshape([${size}])`,
          `tf.reshape($x, [1, ${size}])`,
          `$x.reshape([${a}, ${planted ? b + 1 : b}, 1])`,
        ]),
        planted,
      );
    },
  }),
  inCode({
    rule: 'NL005',
    name: 'an axis outside the rank',
    code(random, planted) {
      const axis = planted ? random.pick([2, 3, -3]) : random.pick([0, 1, -1]);
      return call(
        { x: matrix(random) },
        random.pick([
          `$x.sum(${axis})`,
          `tf.mean($x, ${axis})`,
          `tf.moments($x, ${axis}).mean`,
          `$x.argMax(${axis})`,
          `tf.max($x, [${axis}])`,
        ]),
        planted,
      );
    },
  }),
  inCode({
    rule: 'NL006',
    name: 'a concatenation of tensors that differ off the axis',
    code(random, planted) {
      const [a, b, c] = [random.int(2, 4), random.int(5, 7), random.int(8, 9)];
      return call(
        { x: [a, b], z: planted ? [c, b + 1] : [a, c] },
        random.pick(['tf.concat([$x, $z], 1)', '$x.concat($z, 1)', 'tf.concat([$x, $z], -1)']),
        planted,
      );
    },
  }),
  {
    rule: 'NL006',
    name: 'a concatenate layer on sizes that differ',
    write(ctx, planted) {
      const side = ctx.random.int(4, 8);
      const { inputs } = branches(ctx, [side, side, 3], [planted ? side + 1 : side, side, 5]);
      const y = ctx.name('joined');
      ctx.write(
        `const ${y} = ${ctx.symbolic(`${ctx.layers}.concatenate(${ctx.random.pick(['', '{ axis: -1 }', '{ axis: 3 }'])}).apply(${inputs})`)};${mark(planted)}`,
      );
    },
  },
  {
    rule: 'NL007',
    name: 'a merge of shapes that do not fit',
    write(ctx, planted) {
      const { random } = ctx;
      const side = random.int(4, 8);
      const { a, inputs } = branches(ctx, [side, side, 3], [side, side, planted ? 4 : 3]);
      const y = ctx.name('sum');
      const type = random.pick(['add', 'multiply', 'average', 'maximum']);
      ctx.write(`const ${y} = ${ctx.symbolic(`${ctx.layers}.${type}().apply(${inputs})`)};${mark(planted)}`);
      ctx.write(`console.log(${a}.shape);`);
    },
  },
  inChain({
    rule: 'NL008',
    name: 'a window larger than its input',
    chain(random, planted) {
      const input = [random.int(3, 5), random.int(3, 5), 2];
      const by = planted ? random.int(7, 9) : 3;
      const out = planted ? [1, 1, 4] : [(input[0] ?? 3) - 2, (input[1] ?? 3) - 2, 4];
      const step: Step = {
        type: 'conv2d',
        options: { filters: 4, kernelSize: by, ...(random.chance(0.5) ? { padding: 'valid' } : {}) },
        out,
        fault: planted,
      };
      return { input, steps: [step, ...headOf(random, out)] };
    },
    follow: (ctx, { model, input }) => ctx.write(`${model}.predict(tf.ones(${batchOf(input, 2)}));`),
  }),
  inCode({
    rule: 'NL009',
    name: 'a filter for other channels',
    code(random, planted) {
      const channels = random.int(2, 4);
      return call(
        { x: [2, 8, 8, channels], w: [3, 3, planted ? channels + 1 : channels, 6] },
        random.pick(["tf.conv2d($x, $w, 1, 'same')", "$x.conv2d($w, 1, 'valid')", "tf.conv2d($x, $w, [2, 2], 'same')"]),
        planted,
      );
    },
  }),
  inCode({
    rule: 'NL010',
    name: 'a slice outside the tensor',
    code(random, planted) {
      const [a, b] = [random.int(4, 6), random.int(4, 6)];
      const by = planted ? a + 1 : 1;
      return call(
        { x: [a, b] },
        random.pick([
          `$x.slice([${by}, 0], [1, ${b}])`,
          `tf.slice($x, [${by}, 0], [1, 2])`,
          `$x.slice(0, ${planted ? a + 2 : 2})`,
        ]),
        planted,
      );
    },
  }),
  inCode({
    rule: 'NL011',
    name: 'a split that does not divide',
    code(random, planted) {
      const parts = random.int(2, 4);
      const n = parts * random.int(2, 4) + (planted ? 1 : 0);
      const sizes = planted ? [1, 1] : [1, n - 1];
      return {
        tensors: { x: [n, 3] },
        lines: [
          `const [$one] = ${random.pick([`tf.split($x, ${parts})`, `$x.split(${parts})`, `tf.split($x, [${sizes.join(', ')}])`])};${mark(planted)}`,
        ],
        result: '$one',
      };
    },
  }),
  inCode({
    rule: 'NL012',
    name: 'values that do not fill a shape',
    code(random, planted) {
      const values = Array.from({ length: planted ? 5 : 6 }, () => random.int(0, 9));
      return {
        tensors: {},
        lines: [
          `const $t = ${random.pick([`tf.tensor([${values}], [2, 3])`, `tf.tensor2d([${values}], [3, 2])`, `tf.tensor3d([${values}], [1, 2, 3])`])};${mark(planted)}`,
        ],
        result: '$t',
      };
    },
  }),
  {
    rule: 'NL013',
    name: 'a sequential model without a shape for its input',
    write(ctx, planted) {
      const { random } = ctx;
      const model = ctx.name('model');
      const shape = planted ? '' : `, inputShape: [${random.int(2, 9)}]`;
      const lead = `${ctx.layers}.dense({ units: ${random.int(2, 9)}${shape} })`;
      ctx.write(
        random.pick([
          `const ${model} = tf.sequential();\n${model}.add(${lead});${mark(planted)}`,
          `const ${model} = tf.sequential({ layers: [${lead}, ${ctx.layers}.dense({ units: 1 })] });${mark(planted)}`,
        ]),
      );
    },
  },
  {
    rule: 'NL014',
    name: 'weights over a size that is open',
    write(ctx, planted) {
      const { random } = ctx;
      const [model, x] = [ctx.name('model'), ctx.name('input')];
      const down = planted ? 'flatten()' : 'globalAveragePooling2d({})';
      ctx.write(
        random.chance(0.5)
          ? `const ${model} = tf.sequential();\n${model}.add(${ctx.layers}.conv2d({ filters: 4, kernelSize: 3, inputShape: [null, null, 3] }));\n${model}.add(${ctx.layers}.${down});${mark(planted)}\n${model}.add(${ctx.layers}.dense({ units: 2 }));`
          : `const ${x} = tf.input({ shape: [null, null, 3] });\nconst ${model} = ${ctx.layers}.dense({ units: 2 }).apply(${ctx.layers}.${down}.apply(${x}));${mark(planted)}`,
      );
    },
  },
  {
    rule: 'NL015',
    name: 'a model whose inputs and outputs are not connected',
    write(ctx, planted) {
      const { random } = ctx;
      const [a, b, y, model] = [ctx.name('a'), ctx.name('b'), ctx.name('output'), ctx.name('model')];
      ctx.write(`const ${a} = tf.input({ shape: [4] });\nconst ${b} = tf.input({ shape: [4] });`);
      ctx.write(`const ${y} = ${ctx.symbolic(`${ctx.layers}.dense({ units: 2 }).apply(${a})`)};`);
      ctx.write(
        `const ${model} = tf.model({ inputs: ${planted ? random.pick([b, `[${b}]`]) : a}, outputs: ${y} });${mark(planted)}`,
      );
    },
  },
  {
    rule: 'NL015',
    name: 'a sequential model in which two layers have one name',
    write(ctx, planted) {
      const { random } = ctx;
      const [model, first] = [ctx.name('model'), ctx.name('layer')];
      const second = planted ? first : `${first}Two`;
      ctx.write(`const ${model} = tf.sequential();`);
      ctx.write(`${model}.add(${ctx.layers}.dense({ units: 3, inputShape: [4], name: '${first}' }));`);
      ctx.write(`${model}.add(${ctx.layers}.dense({ units: 2, name: '${second}' }));`);
      const use = random.pick(['summary()', 'countParams()', 'predict(tf.ones([2, 4]))']);
      ctx.write(`${model}.${use};${mark(planted)}`);
    },
  },
  {
    rule: 'NL016',
    name: 'an option value that tfjs rejects',
    write(ctx, planted) {
      const { random } = ctx;
      const x = ctx.name('input');
      const y = ctx.name('y');
      const [wrong, right] = random.pick([
        ["dense({ units: 4, activation: 'leakyrelu' })", "dense({ units: 4, activation: 'relu' })"],
        ["dense({ units: 4, kernelInitializer: 'he_normal' })", "dense({ units: 4, kernelInitializer: 'heNormal' })"],
        ['dense({ units: 0 })', 'dense({ units: 1 })'],
        ['dense({ units: -3 })', 'dense({ units: 3 })'],
      ] as const);
      ctx.write(
        `const ${x} = tf.input({ shape: [5] });\nconst ${y} = ${ctx.symbolic(`${ctx.layers}.${planted ? wrong : right}.apply(${x})`)};${mark(planted)}`,
      );
    },
  },
  {
    rule: 'NL016',
    name: 'a layer of one’s own without a class name',
    write(ctx, planted) {
      const { random } = ctx;
      const name = `Own${random.int(1, 99)}`;
      const className = planted
        ? ''
        : random.pick([`  static className = '${name}';\n`, `  getClassName() { return '${name}'; }\n`]);
      const x = ctx.name('input');
      const y = ctx.name('y');
      const parameter = ctx.typescript ? 'x: tf.Tensor | tf.Tensor[]' : 'x';
      ctx.write(
        `class ${name} extends tf.layers.Layer {\n${className}  call(${parameter}) { return Array.isArray(x) ? x[0] : x; }\n}`,
      );
      ctx.write(`const ${x} = tf.input({ shape: [5] });`);
      ctx.write(`const ${y} = ${ctx.symbolic(`new ${name}(${random.pick(['', '{}'])}).apply(${x})`)};${mark(planted)}`);
    },
  },
  {
    rule: 'NL017',
    name: 'a merge layer on one tensor',
    write(ctx, planted) {
      const { random } = ctx;
      const { a, b } = branches(ctx, [4], [4]);
      const y = ctx.name('joined');
      const type = random.pick(['add', 'concatenate', 'multiply', 'maximum']);
      ctx.write(
        `const ${y} = ${ctx.symbolic(`${ctx.layers}.${type}().apply(${planted ? random.pick([a, `[${a}]`]) : `[${a}, ${b}]`})`)};${mark(planted)}`,
      );
    },
  },
  {
    rule: 'NL018',
    name: 'data that do not fit the model',
    write(ctx, planted) {
      const { random } = ctx;
      const [features, units, n] = [random.int(3, 6), random.int(1, 3), random.int(3, 6)];
      const model = net(ctx, features, units);
      const wrong = planted ? random.int(0, 2) : -1;
      const x = `tf.ones([${n}, ${features + (wrong === 0 ? 1 : 0)}])`;
      const y = `tf.ones([${n}, ${units + (wrong === 1 ? 1 : 0)}])`;
      if (random.chance(0.4) || wrong === 1) {
        compile(ctx, { model, input: [features], out: [units] });
        ctx.write(
          `await ${model}.fit(${wrong === 2 ? x.replace(String(features), String(features + 2)) : x}, ${y}, { epochs: 2 });${mark(planted)}`,
        );
      } else ctx.write(`${model}.predict(${wrong === 2 ? `tf.ones([${n}, 2, ${features}])` : x});${mark(planted)}`);
    },
  },
  inCode({
    rule: 'NL019',
    name: 'a dtype that the op rejects',
    code(random, planted) {
      const [wrong, right] = random.pick([
        ['tf.gather($x, $x)', "tf.gather($x, tf.tensor1d([0, 1], 'int32'))"],
        ['tf.logicalAnd($x, $x)', 'tf.logicalAnd($x.greater(0), $x.less(1))'],
        ['$x.logicalNot()', '$x.greater(0).logicalNot()'],
        ['tf.where($x, $x, $x)', 'tf.where($x.greater(0), $x, $x)'],
      ] as const);
      return call({ x: matrix(random) }, planted ? wrong : right, planted);
    },
  }),
  {
    rule: 'NL020',
    name: 'weights of other shapes',
    write(ctx, planted) {
      const { random } = ctx;
      const layer = ctx.name('layer');
      const [features, units] = [random.int(2, 5), random.int(6, 9)];
      ctx.write(`const ${layer} = ${ctx.layers}.dense({ units: ${units}, inputShape: [${features}] });`);
      ctx.write(`const ${ctx.name('model')} = tf.sequential({ layers: [${layer}] });`);
      const wrong = random.pick([
        `[tf.ones([${units}, ${features}]), tf.zeros([${units}])]`,
        `[tf.ones([${features}, ${units}])]`,
        `[tf.ones([${features}, ${units}]), tf.zeros([${features}])]`,
      ]);
      ctx.write(
        `${layer}.setWeights(${planted ? wrong : `[tf.ones([${features}, ${units}]), tf.zeros([${units}])]`});${mark(planted)}`,
      );
    },
  },
  inCode({
    rule: 'NL123',
    name: 'a comment that says another shape',
    code(random, planted) {
      const [a, b] = [random.int(2, 5), random.int(6, 9)];
      const [value, right, wrong] = random.pick([
        ['$x.relu()', `[${a}, ${b}]`, `[${b}, ${a}]`],
        ['$x.transpose()', `[${b}, ${a}]`, `[${a}, ${b}]`],
        ['tf.expandDims($x, 0)', `[1, ${a}, ${b}]`, `[${a}, ${b}, 1]`],
        ['$x.sum(1)', `[${a}]`, `[${b}]`],
        [`tf.zeros([${a}, 4])`, `[${a}, 4]`, `[${a}, 5]`],
      ] as const);
      return {
        tensors: { x: [a, b] },
        lines: [`const $y = ${value}; // @shape ${planted ? wrong : right}${mark(planted)}`],
        result: '$y',
      };
    },
  }),
];

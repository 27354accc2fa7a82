/** Misuse in how the library is reached: names, positional arguments, custom layers. */
import type { Random } from '../programs/generator/random';
import { inLayer, type Mutation, mark } from './mutation';

const WIDTHS = [4, 6, 8] as const;

const forward = (random: Random, made: string, planted: boolean): readonly string[] =>
  random.pick([
    ['const x = Array.isArray(inputs) ? inputs[0] : inputs;', `return ${made}.apply(x);${mark(planted)}`],
    [
      'const [x] = Array.isArray(inputs) ? inputs : [inputs];',
      `const inner = ${made};${mark(planted)}`,
      'return inner.apply(x);',
    ],
    [
      'return tf.tidy(() => {',
      '  const x = inputs[0] ?? inputs;',
      `  const h = ${made}.apply(x);${mark(planted)}`,
      '  return tf.relu(h);',
      '});',
    ],
  ]);

const makers: readonly ((random: Random, width: number) => string)[] = [
  (_, width) => `tf.layers.dense({ units: ${width} })`,
  () => 'tf.layers.batchNormalization()',
  () => 'tf.layers.layerNormalization({ epsilon: 1e-5 })',
];

/** What call(inputs) does with a list as if it were a tensor. */
const TAKEN: readonly ((x: string) => string)[] = [
  (x) => `return ${x}.square();`,
  (x) => `return ${x}.mul(tf.scalar(2)).relu();`,
  (x) => `return tf.tidy(() => ${x}.sub(${x}.mean(-1, true)));`,
  (x) => `const [batch] = ${x}.shape;`,
  (x) => `const rank = ${x}.rank;`,
];

export const memberMutations: readonly Mutation[] = [
  {
    rule: 'NL117',
    name: 'options by position',
    write(ctx, planted) {
      const { random } = ctx;
      const [given, x, model] = [ctx.name('input'), ctx.name('x'), ctx.name('model')];
      const [type, key, value] = random.pick([
        ['batchNormalization', 'axis', '-1'],
        ['dropout', 'rate', '0.2'],
        ['dropout', 'rate', '0.5'],
        ['layerNormalization', 'axis', '[1]'],
        ['gaussianNoise', 'stddev', '0.1'],
        ['dense', 'units', '8'],
        ['leakyReLU', 'alpha', '0.2'],
        ['batchNormalization', 'axis', '1'],
      ] as const);
      const made = `${ctx.layers}.${type}(${planted ? value : `{ ${key}: ${value} }`})`;
      if (random.chance(0.5)) {
        ctx.write(
          `const ${model} = tf.sequential();\n${model}.add(${ctx.layers}.dense({ units: 8, useBias: false, inputShape: [${random.int(2, 9)}] }));`,
        );
        ctx.write(`${model}.add(${made});${mark(planted)}`);
        if (type !== 'dense' || !planted) ctx.write(`${model}.add(${ctx.layers}.dense({ units: 2 }));`);
        return;
      }
      ctx.write(`const ${given} = tf.input({ shape: [${random.int(2, 9)}] });\nconst ${x} = ${made};${mark(planted)}`);
      ctx.write(
        `const ${model} = tf.model({ inputs: ${given}, outputs: ${ctx.symbolic(`${x}.apply(${ctx.layers}.dense({ units: 8, useBias: false }).apply(${given}))`)} });`,
      );
    },
  },
  inLayer({
    rule: 'NL119',
    name: 'a layer made in call()',
    layer(random, planted) {
      const width = random.pick(WIDTHS);
      const made = random.pick(makers)(random, width);
      if (planted) return { className: 'Block', input: [width], call: forward(random, made, true) };
      const call = forward(random, 'this.inner', false);
      return random.chance(0.5)
        ? { className: 'Block', input: [width], params: 'config', given: '{}', make: [`this.inner = ${made};`], call }
        : { className: 'Block', input: [width], build: [`this.inner = ${made};`], call };
    },
  }),
  {
    rule: 'NL119',
    name: 'a layer made in a training step',
    write(ctx, planted) {
      const { random } = ctx;
      const width = random.pick(WIDTHS);
      const [optimizer, x, own] = [ctx.name('optimizer'), ctx.name('xs'), ctx.name('head')];
      const made = random.pick([`${ctx.layers}.dense({ units: ${width} })`, `${ctx.layers}.batchNormalization()`]);
      ctx.write(`const ${optimizer} = tf.train.adam(1e-3);\nconst ${x} = tf.randomNormal([16, ${width}]);`);
      if (!planted) ctx.write(`const ${own} = ${made};\n${own}.build([null, ${width}]);`);
      const use = planted ? `const ${own} = ${made};${mark(true)}\n    ` : '';
      const cast = ctx.typescript ? ' as any' : '';
      ctx.write(
        random.pick([
          `for (let i = 0; i < 5; i++) {\n  ${optimizer}.minimize(() => {\n    ${use}return (${own}.apply(${x}, { training: true })${cast}).square().mean();\n  });\n}`,
          `const { grads } = tf.variableGrads(() => {\n    ${use}return (${own}.apply(${x}, { training: true })${cast}).mean();\n});\n${optimizer}.applyGradients(grads);`
            .replace('grads }', `grads: ${own}Grads }`)
            .replace('(grads)', `(${own}Grads)`),
        ]),
      );
    },
  },
  {
    rule: 'NL120',
    name: 'a default that takes 0 for nothing',
    write(ctx, planted) {
      const { random } = ctx;
      const key = random.pick(['axis', 'epsilon', 'momentum']);
      const value = { axis: '-1', epsilon: '1e-3', momentum: '0.99' }[key] ?? '-1';
      const op = planted ? '||' : '??';
      const any = ctx.typescript ? ': any' : '';
      const f = ctx.name('normOf');
      const make = (text: string): string =>
        `${ctx.layers}.batchNormalization({ ${key}${text === key ? '' : `: ${text}`} })`;
      ctx.write(
        random.pick([
          `function ${f}(options${any} = {}) {\n  const ${key} = options.${key} ${op} ${value};${mark(planted)}\n  return ${make(key)};\n}\n${f}();`,
          `const ${f} = ({ ${key}, name }${any}) => ${make(`${key} ${op} ${value}`)};${mark(planted)}\n${f}({ name: 'n' });`,
          `class ${f} {\n${ctx.typescript ? '  [key: string]: any;\n' : ''}  constructor(config${any} = {}) {\n    this.units = config.units || 32;\n    this.${key} = config.${key} ${op} ${value};${mark(planted)}\n  }\n}\nnew ${f}({ units: 8 });`,
        ]),
      );
    },
  },
  inLayer({
    rule: 'NL121',
    name: 'call(inputs) takes the list for a tensor',
    layer(random, planted) {
      const use = random.pick(TAKEN)(planted ? 'inputs' : 'x');
      const guard = random.pick([
        'const x = Array.isArray(inputs) ? inputs[0] : inputs;',
        'const x = inputs instanceof Array ? inputs[0] : inputs;',
        'const x = inputs[0];',
      ]);
      const rest = use.startsWith('return') ? [] : [planted ? 'return tf.relu(inputs);' : 'return tf.relu(x);'];
      return {
        className: 'Custom',
        input: [random.pick(WIDTHS)],
        call: [...(planted ? [] : [guard]), `${use}${mark(planted)}`, ...rest],
      };
    },
  }),
  {
    rule: 'NL313',
    name: 'a norm layer that tfjs does not have',
    write(ctx, planted) {
      const { random } = ctx;
      const missing = random.pick([
        'groupNormalization({ groups: 4 })',
        'instanceNormalization()',
        'rmsNormalization({ epsilon: 1e-6 })',
        'batchNorm()',
        'layerNorm()',
        'unitNormalization()',
        'groupNorm({ groups: 2 })',
        'spectralNormalization()',
      ]);
      const made = `${ctx.layers}.${planted ? missing : random.pick(['batchNormalization()', 'layerNormalization()'])}`;
      const [model, f] = [ctx.name('model'), ctx.name('normLayer')];
      ctx.write(
        random.pick([
          `const ${model} = tf.sequential();\n${model}.add(${ctx.layers}.dense({ units: 8, inputShape: [4], useBias: false }));\n${model}.add(${made});${mark(planted)}`,
          `const ${f} = () => ${made};${mark(planted)}\n${f}();`,
          `const ${model} = tf.input({ shape: [8] });\nconst ${f} = ${made}.apply(${model});${mark(planted)}`,
        ]),
      );
    },
  },
  inLayer({
    rule: 'NL110',
    name: 'a group norm whose groups do not divide the channels',
    layer(random, planted) {
      const groups = random.pick([3, 4, 8]);
      const channels = planted ? groups * 2 + random.int(1, groups - 1) : groups * random.int(1, 3);
      return {
        className: 'GroupNorm',
        input: [6, 6, channels],
        params: 'config',
        given: `{ groups: ${groups} }`,
        make: ['this.groups = config.groups;'],
        call: [
          'const x = Array.isArray(inputs) ? inputs[0] : inputs;',
          'const [b, h, w, c] = x.shape;',
          `const g = x.reshape([b, h, w, this.groups, c / this.groups]);${mark(planted)}`,
          'const { mean, variance } = tf.moments(g, [1, 2, 4], true);',
          'return g.sub(mean).div(variance.add(1e-5).sqrt()).reshape(x.shape);',
        ],
      };
    },
  }),
  inLayer({
    rule: 'NL122',
    name: 'a computeOutputShape that says another shape than call gives',
    layer(random, planted) {
      const [time, width] = [random.int(4, 9), random.pick(WIDTHS)];
      const x = 'const x = Array.isArray(inputs) ? inputs[0] : inputs;';
      const [call, shape] = random.pick([
        ['return x.mean(1);', '[inputShape[0], inputShape[2]]'],
        [`return x.reshape([-1, ${time * width}]);`, `[inputShape[0], ${time * width}]`],
        ['return x.sum(-1, true);', '[inputShape[0], inputShape[1], 1]'],
        ['return tf.concat([x, x], -1);', '[inputShape[0], inputShape[1], inputShape[2] * 2]'],
      ] as const);
      return {
        className: 'Summary',
        input: [time, width],
        call: [x, call],
        ...(planted ? { shapeMark: mark(true) } : { shape }),
      };
    },
  }),
  {
    rule: 'NL123',
    name: 'a comment that says another shape than the value has',
    write(ctx, planted) {
      const { random } = ctx;
      const [rows, width] = [random.int(2, 9), random.pick(WIDTHS)];
      const [value, right, wrong] = random.pick([
        [`tf.ones([${rows}, ${width}])`, `[B, ${width}]`, `[B, ${width + 1}]`],
        [`tf.randomNormal([${rows}, 5, ${width}]).mean(1)`, `[${rows}, c]`, `[${rows}, 5, c]`],
        [`tf.eye(${width}).expandDims(0)`, '[1, n, n]', `[n, ${width + 2}, n]`],
      ] as const);
      const comment = `@shape ${planted ? wrong : right}`;
      const name = ctx.name('said');
      ctx.write(
        random.pick([
          `const ${name} = ${value}; // ${comment}${mark(planted)}`,
          `// ${comment}${mark(planted)}\nconst ${name} = ${value};`,
          `let ${name};\n${name} = ${value}; /* ${comment} */${mark(planted)}`,
        ]),
      );
    },
  },
];

/** Misuse in op code: moments, hand-written norms, tf.batchNorm. */
import type { Random } from '../programs/generator/random';
import type { Dims } from '../programs/generator/steps';
import { type Code, first, inCode, inLayer, type Mutation, mark } from './mutation';

const image = (random: Random): Dims => [
  random.int(2, 8),
  random.pick([4, 6, 8]),
  random.pick([5, 7, 9]),
  random.pick([3, 10, 12]),
];
const rows = (random: Random): Dims => [random.pick([16, 32]), random.pick([4, 6, 10])];
const sequences = (random: Random): Dims => [random.pick([2, 4]), random.pick([7, 9, 11]), random.pick([16, 32])];
const list = (axes: readonly number[]): string => `[${axes.join(', ')}]`;
const allButLast = (dims: Dims): readonly number[] => dims.slice(0, -1).map((_, i) => i);
const last = (dims: Dims): number => dims.at(-1) ?? 1;

const moments = (axes: string, keep = false, x = '$x'): string =>
  `const { mean: $mean, variance: $variance } = tf.moments(${x}, ${axes}${keep ? ', true' : ''});`;
/** (x − mean) / √(v + ε), in the ways in which it is written. */
const normalized = (random: Random, x = '$x'): string =>
  random.pick([
    `${x}.sub($mean).div($variance.add(1e-5).sqrt())`,
    `tf.div(tf.sub(${x}, $mean), tf.sqrt(tf.add($variance, 1e-5)))`,
    `${x}.sub($mean).mul(tf.rsqrt($variance.add(1e-5)))`,
    `tf.mul(tf.sub(${x}, $mean), tf.rsqrt(tf.add($variance, tf.scalar(1e-3))))`,
  ]);

/** A norm by hand that goes by a name: whose axes are right, and which are not. */
interface Named {
  readonly names: readonly string[];
  readonly owner: string;
  readonly dims: (random: Random) => Dims;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const grouped = (random: Random): Dims => [2, 8, 6, random.pick([2, 3, 4]), random.pick([3, 4])];

const NAMED: readonly Named[] = [
  {
    names: ['batchNorm', 'batchNormalize2d', 'batch_norm'],
    owner: 'BatchNorm',
    dims: image,
    right: ['[0, 1, 2]'],
    wrong: ['[1, 2]', '[0]', '[1, 2, 3]', '[0, 1, 2, 3]'],
  },
  {
    names: ['instanceNorm', 'applyInstanceNorm', 'instanceNormalization'],
    owner: 'InstanceNormalization',
    dims: image,
    right: ['[1, 2]', '[2, 1]'],
    wrong: ['[0, 1, 2]', '[1, 2, 3]', '[3]', '[0, 3]'],
  },
  {
    names: ['layerNorm', 'layer_norm', 'layerNormalization'],
    owner: 'LayerNorm',
    dims: image,
    right: ['-1', '[1, 2, 3]', '[3]'],
    wrong: ['0', '[0, 3]', '[1, 2]', '[0, 1, 2]'],
  },
  {
    names: ['groupNorm', 'group_norm'],
    owner: 'GroupNorm',
    dims: grouped,
    right: ['[1, 2, 4]'],
    wrong: ['[0, 1, 2, 4]', '[0, 1, 2]', '[1, 2, 3, 4]'],
  },
];

const named = (random: Random, planted: boolean) => {
  const row = random.pick(NAMED);
  return {
    row,
    axes: random.pick(planted ? row.wrong : row.right),
    dims: row.dims(random),
    called: random.pick(row.names),
  };
};

export const opMutations: readonly Mutation[] = [
  inCode({
    rule: 'NL106',
    name: 'tf.batchNorm with parameters that are not [C]',
    code(random, planted) {
      const x = image(random);
      const args = random.pick(['', ', undefined, undefined, 1e-5']);
      const way = random.int(0, 3);
      const fn = (rest: string): string =>
        random.chance(0.5) ? `tf.batchNorm($x, ${rest}${args})` : `$x.batchNorm(${rest}${args})`;
      if (way === 0) {
        // Statistics of each image: [B, C].
        return {
          tensors: { x },
          lines: [moments(planted ? '[1, 2]' : '[0, 1, 2]'), `const $y = ${fn('$mean, $variance')};${mark(planted)}`],
          result: '$y',
        };
      }
      if (way === 1) {
        const c = planted ? last(x) + random.int(1, 3) : last(x);
        return {
          tensors: { x, m: [c], v: [c] },
          lines: [`const $y = ${fn('$m, $v.square()')};${mark(planted)}`],
          result: '$y',
        };
      }
      if (way === 2) {
        const lines = [
          moments('[0, 1, 2]'),
          `const $y = tf.batchNorm($x, $mean, $variance, ${planted ? `tf.zeros([1, ${last(x)}])` : `tf.zeros([${last(x)}])`}, tf.ones([${last(x)}]), 1e-5);${mark(planted)}`,
        ];
        return { tensors: { x }, lines, result: '$y' };
      }
      return {
        tensors: { x },
        lines: [
          moments(planted ? '[1, 2]' : '[0, 1, 2]', planted),
          `const $y = ${fn('$mean, $variance')};${mark(planted)}`,
        ],
        result: '$y',
      };
    },
  }),
  inCode({
    rule: 'NL107',
    name: 'scale before offset, or epsilon fourth',
    code(random, planted) {
      const x = rows(random);
      const c = [last(x)];
      const [scale, offset] = random.pick([
        ['gamma', 'beta'],
        ['scale', 'offset'],
        ['gamma', 'bias'],
        ['weight', 'bias'],
      ] as const);
      const way = random.int(0, 2);
      const tensors = { x, mean: c, variance: c, [scale]: c, [offset]: c };
      const fn = random.pick(['tf.batchNorm', 'tf.batchNorm2d']);
      const args = !planted
        ? `$${offset}, $${scale}, 1e-3`
        : way === 0
          ? `${random.pick(['1e-3', '0.001', '1e-5'])}, $${scale}, $${offset}`
          : `$${scale}, $${offset}${random.pick(['', ', 1e-5'])}`;
      return {
        tensors,
        lines: [`const $y = ${fn}($x, $mean, $variance.square(), ${args});${mark(planted)}`],
        result: '$y',
      };
    },
  }),
  inCode({
    rule: 'NL110',
    name: 'groups that do not divide the channels',
    code(random, planted) {
      const [b, h, w] = [random.int(1, 4), 8, random.pick([4, 8])];
      const groups = random.pick([4, 8, 3]);
      const channels = planted ? groups * random.int(1, 4) + random.int(1, groups - 1) : groups * random.int(2, 5);
      const x = [b, h, w, channels];
      const lines = random.pick([
        [
          `const $groups = ${groups};`,
          'const [$b, $h, $w, $c] = $x.shape;',
          `const $g = $x.reshape([$b, $h, $w, $groups, $c / $groups]);${mark(planted)}`,
        ],
        [
          `const $groups = ${groups};`,
          'const $c = $x.shape[3];',
          `const $g = tf.reshape($x, [${b}, ${h}, ${w}, $groups, Math.floor($c / $groups)]);${mark(planted)}`,
        ],
        [
          `const $size = Math.floor($x.shape[3] / ${groups});`,
          `const $g = $x.reshape([...$x.shape.slice(0, 3), ${groups}, $size]);${mark(planted)}`,
        ],
      ]);
      return {
        tensors: { x },
        lines: [...lines, moments('[1, 2, 4]', true, '$g')],
        result: `${normalized(random, '$g')}.reshape($x.shape)`,
      };
    },
  }),
  inCode({
    rule: 'NL111',
    name: 'statistics without keepDims over other axes',
    code(random, planted) {
      const way = random.int(0, 4);
      if (way === 0) {
        const x = random.pick([sequences, rows])(random);
        return {
          tensors: { x },
          lines: [moments('-1', !planted), `const $y = ${normalized(random)};${mark(planted)}`],
          result: '$y',
        };
      }
      if (way === 1) {
        const x = image(random);
        return {
          tensors: { x },
          lines: [moments('[1, 2]', !planted), `const $y = ${normalized(random)};${mark(planted)}`],
          result: '$y',
        };
      }
      if (way === 2) {
        const n = random.pick([4, 6, 8]);
        const mean = random
          .pick(['$x.mean(1#)', 'tf.mean($x, 1#)', '$x.mean(-1#)', 'tf.sum($x, 1#)'])
          .replace('#', planted ? '' : ', true');
        return {
          tensors: { x: [n, n] },
          lines: [
            `const $m = ${mean};`,
            `const $y = ${random.pick(['$x.sub($m)', 'tf.sub($x, $m)', '$x.div($m)'])};${mark(planted)}`,
          ],
          result: '$y',
        };
      }
      if (way === 3) {
        const x = sequences(random);
        const lines = [
          `const $e = $x.sub($x.max(-1, true)).exp();`,
          `const $p = ${random.pick([`$e.div($e.sum(-1#))`, `tf.div($e, tf.sum($e, 2#))`]).replace('#', planted ? '' : ', true')};${mark(planted)}`,
        ];
        return { tensors: { x }, lines, result: '$p' };
      }
      const x = rows(random);
      const lines = [
        `const $length = $x.square().sum(1${planted ? '' : ', true'}).sqrt();`,
        `const $y = $x.div($length);${mark(planted)}`,
      ];
      return { tensors: { x }, lines, result: '$y' };
    },
  }),
  inCode({
    rule: 'NL112',
    name: 'moments over other axes than the name says',
    code(random, planted): Code {
      const { axes, dims, called } = named(random, planted);
      return {
        tensors: { x: dims },
        lines: [`${moments(axes, true)}${mark(planted)}`],
        result: normalized(random),
        called,
      };
    },
  }),
  inLayer({
    rule: 'NL112',
    name: 'moments over other axes than the layer’s name says',
    layer(random, planted) {
      const { row, axes, dims } = named(random, planted);
      return {
        className: row.owner,
        input: dims.slice(1),
        call: [
          first,
          `const { mean, variance } = tf.moments(x, ${axes}, true);${mark(planted)}`,
          'return x.sub(mean).div(variance.add(1e-5).sqrt());',
        ],
      };
    },
  }),
  inCode({
    rule: 'NL113',
    name: 'no square root, or no epsilon',
    code(random, planted) {
      const x = random.pick([rows, image])(random);
      const axes = random.pick([list(allButLast(x)), '0']);
      const ways = [
        '$x.sub($mean).div($variance)',
        '$x.sub($mean).div($variance.add(1e-5))',
        'tf.div(tf.sub($x, $mean), tf.add($variance, tf.scalar(1e-5)))',
        '$x.sub($mean).div($variance.sqrt())',
        'tf.div(tf.sub($x, $mean), tf.sqrt($variance))',
        '$x.sub($mean).mul($variance.rsqrt())',
        '$x.sub($mean).div(tf.pow($variance, 0.5))',
      ];
      const value = planted
        ? random.pick(ways)
        : random.pick([normalized(random), '$x.sub($mean).div($variance.sqrt().add(1e-5))']);
      return { tensors: { x }, lines: [moments(axes, true), `const $y = ${value};${mark(planted)}`], result: '$y' };
    },
  }),
  inCode({
    rule: 'NL113',
    name: 'no square root, or no epsilon, on a variance by hand',
    code(random, planted) {
      const x = rows(random);
      const variance = random.pick([
        '$c.square().mean(0)',
        'tf.mean(tf.square($c), 0)',
        '$c.mul($c).mean(0)',
        'tf.squaredDifference($x, $m).mean(0)',
      ]);
      const spread = planted
        ? random.pick(['$v', '$v.sqrt()', '$v.add(1e-3)', 'tf.sqrt($v)'])
        : random.pick(['$v.add(1e-3).sqrt()', 'tf.sqrt($v.add(1e-5))']);
      return {
        tensors: { x },
        lines: [
          'const $m = $x.mean(0);',
          'const $c = $x.sub($m);',
          `const $v = ${variance};`,
          `const $y = $c.div(${spread});${mark(planted)}`,
        ],
        result: '$y',
      };
    },
  }),
  inCode({
    rule: 'NL114',
    name: 'moments taken for a list',
    code(random, planted) {
      const x = random.pick([rows, image])(random);
      const axes = list(allButLast(x));
      const ways = planted
        ? [
            [`const [$mean, $variance] = tf.moments($x, ${axes});${mark(true)}`],
            [`const $mean = tf.moments($x, ${axes})[0];${mark(true)}`, 'const $variance = $x.square();'],
            [`const $stats = tf.moments($x, ${axes});`, `const [$mean, $variance] = $stats;${mark(true)}`],
            [
              `const $stats = $x.mean(${axes});`,
              `const [$mean, $variance = $stats] = tf.moments($x, ${axes});${mark(true)}`,
            ],
          ]
        : [
            [moments(axes)],
            [`const $stats = tf.moments($x, ${axes});`, 'const [$mean, $variance] = [$stats.mean, $stats.variance];'],
            [
              `const $mean = tf.moments($x, ${axes}).mean;`,
              `const [$variance] = tf.unstack(tf.stack([tf.moments($x, ${axes}).variance]));`,
            ],
          ];
      return { tensors: { x }, lines: random.pick(ways), result: normalized(random) };
    },
  }),
  inCode({
    rule: 'NL118',
    name: 'the result of an op is dropped',
    code(random, planted) {
      const x = image(random);
      const dropped = random.pick([
        '$x.sub($mean)',
        'tf.batchNorm($x, $mean, $variance)',
        'tf.div($x, $variance.add(1e-3).sqrt())',
        '$x.batchNorm($mean, $variance)',
      ]);
      const line = planted ? `${dropped};${mark(true)}` : `const $z = ${dropped};`;
      return { tensors: { x }, lines: [moments('[0, 1, 2]'), line], result: planted ? '$x.relu()' : '$z.relu()' };
    },
  }),
  {
    rule: 'NL118',
    name: 'the output of a norm layer is dropped',
    write(ctx, planted) {
      const { random } = ctx;
      const [given, x, model] = [ctx.name('input'), ctx.name('x'), ctx.name('model')];
      const make = `${ctx.layers}.${random.pick(['batchNormalization', 'layerNormalization'])}()`;
      ctx.write(
        `const ${given} = tf.input({ shape: [${random.int(3, 9)}] });\nlet ${x}${ctx.typescript ? ': any' : ''} = ${ctx.layers}.dense({ units: 8, useBias: false }).apply(${given});`,
      );
      const own = ctx.name('norm');
      if (random.chance(0.5)) ctx.write(`${planted ? '' : `${x} = `}${make}.apply(${x});${mark(planted)}`);
      else ctx.write(`const ${own} = ${make};\n${planted ? '' : `${x} = `}${own}.apply(${x});${mark(planted)}`);
      ctx.write(
        `${x} = ${ctx.layers}.reLU().apply(${x});\nconst ${model} = tf.model({ inputs: ${given}, outputs: ${x} });`,
      );
    },
  },
  {
    rule: 'NL310',
    name: 'a batch norm ported from PyTorch that keeps the biased variance',
    write(ctx, planted) {
      const { random } = ctx;
      const [rows, channels] = [random.pick([16, 32]), random.pick([4, 8])];
      const m = rows;
      const own = ctx.name('TorchBatchNorm');
      const any = ctx.typescript ? ': any' : '';
      ctx.declare('// nn.BatchNorm1d of PyTorch: running_var is updated with weight momentum');
      const corrected = random.pick([
        `variance.mul(${m} / ${m - 1})`,
        `variance.mul(n / (n - 1))`,
        'variance.mul(tf.scalar(n / (n - 1)))',
      ]);
      const batch = planted ? 'variance' : corrected;
      const update = random.pick([
        `this.runningVar.assign(this.runningVar.mul(0.9).add(${batch}.mul(0.1)));${mark(planted)}`,
        `this.runningVar.assign(tf.add(tf.mul(this.runningVar, 0.9), tf.mul(${batch}, 0.1)));${mark(planted)}`,
        `const next = tf.tidy(() => this.runningVar.mul(1 - this.momentum).add(${batch}.mul(this.momentum)));\n    this.runningVar.assign(next);${mark(planted)}`,
      ]);
      ctx.write(`class ${own} {
${ctx.typescript ? '  [key: string]: any;\n\n' : ''}  constructor(channels${any}) {
    this.momentum = 0.1;
    this.runningMean = tf.variable(tf.zeros([channels]));
    this.runningVar = tf.variable(tf.ones([channels]));
  }

  forward(x${any}) {
    const n = x.shape[0];
    const { mean, variance } = tf.moments(x, 0);
    ${update}
    return x.sub(mean).div(variance.add(1e-5).sqrt());
  }
}
new ${own}(${channels}).forward(tf.randomNormal([${rows}, ${channels}])).print();`);
    },
  },
  inLayer({
    rule: 'NL210',
    name: 'an instance norm of one pixel',
    layer: (random, planted) => ({
      className: 'InstanceNorm',
      input: planted ? [1, 1, random.pick([4, 8])] : [random.pick([4, 8]), 4, random.pick([4, 8])],
      call: [
        first,
        `const { mean, variance } = tf.moments(x, [1, 2], true);${mark(planted)}`,
        'return x.sub(mean).div(variance.add(1e-5).sqrt());',
      ],
    }),
  }),
];

/** Programs for the rules that look at op code. */
import { asIs, opPrograms } from '../idioms';
import type { Cases } from './cases';

const layerWith = (name: string, call: string, more = ''): string => `class ${name} extends tf.layers.Layer {
  static className = '${name}';
${more}  call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
${call}
  }
}
const input = tf.input({ shape: [8, 8, 6] });
export const model = tf.model({ inputs: input, outputs: new ${name}().apply(input) });
model.predict(tf.randomNormal([2, 8, 8, 6]));`;

export const opCases: readonly Cases[] = [
  {
    rule: 'NL106',
    incorrect: [
      opPrograms({
        tensors: { x: '[8, 4, 4, 3]' },
        body: 'const { mean, variance } = tf.moments(x, [1, 2]);\nreturn <!>tf.batchNorm(x, mean, variance);'.replace(
          'return ',
          'globalThis.y = ',
        ),
      }),
      opPrograms({ tensors: { x: '[8, 4, 4, 3]', v: '[4]' }, body: 'globalThis.y = <!>tf.batchNorm(x, v, v);' }),
      opPrograms({
        tensors: { x: '[8, 4, 4, 3]' },
        body: 'const { mean, variance } = tf.moments(x, [1, 2], true);\nglobalThis.y = <!>x.batchNorm(mean, variance);',
      }),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[8, 4, 4, 3]' },
        body: 'const { mean, variance } = tf.moments(x, [0, 1, 2]);\nglobalThis.y = tf.batchNorm(x, mean, variance, tf.zeros([3]), tf.ones([3]), 1e-5);',
      }),
      opPrograms({
        tensors: { x: '[8, 3]' },
        body: 'const { mean, variance } = tf.moments(x, 0, true);\nglobalThis.y = tf.batchNorm(x, mean, variance);',
      }),
      opPrograms({ tensors: { x: '[8, 3]', m: '[8, 3]' }, body: 'globalThis.y = tf.batchNorm2d(x, m, m.square());' }),
    ],
  },
  {
    rule: 'NL107',
    incorrect: [
      opPrograms({
        tensors: { x: '[8, 4]', mean: '[4]', variance: '[4]', gamma: '[4]', beta: '[4]' },
        body: 'globalThis.y = <!>tf.batchNorm(x, mean, variance, gamma, beta, 1e-5);',
      }),
      opPrograms({
        tensors: { x: '[8, 4]', mean: '[4]', variance: '[4]', scale: '[4]', offset: '[4]' },
        body: 'globalThis.y = <!>tf.batchNorm2d(x, mean, variance, scale, offset);',
      }),
      opPrograms({
        tensors: { x: '[8, 4]', mean: '[4]', variance: '[4]', gamma: '[4]', beta: '[4]' },
        body: 'globalThis.y = <!>tf.batchNorm(x, mean, variance, 1e-3, gamma, beta);',
      }),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[8, 4]', mean: '[4]', variance: '[4]', gamma: '[4]', beta: '[4]' },
        body: 'globalThis.y = tf.batchNorm(x, mean, variance, beta, gamma, 1e-5);',
      }),
      opPrograms({
        tensors: { x: '[8, 4]', mean: '[4]', variance: '[4]', a: '[4]', b: '[4]' },
        body: 'globalThis.y = tf.batchNorm(x, mean, variance, a, b);',
      }),
      opPrograms({
        tensors: { x: '[8, 4]', mean: '[4]', variance: '[4]' },
        body: 'globalThis.y = tf.batchNorm(x, mean, variance, undefined, undefined, 1e-5);',
      }),
    ],
  },
  {
    rule: 'NL110',
    incorrect: [
      opPrograms({
        tensors: { x: '[2, 8, 8, 30]' },
        body: 'const groups = 8;\nconst [b, h, w, c] = x.shape;\nglobalThis.y = <!>x.reshape([b, h, w, groups, c / groups]);',
      }),
      opPrograms({
        tensors: { x: '[2, 8, 8, 30]' },
        body: 'const G = 4;\nconst C = x.shape[3];\nglobalThis.y = <!>tf.reshape(x, [2, 8, 8, G, Math.floor(C / G)]);',
      }),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[2, 8, 8, 32]' },
        body: 'const groups = 8;\nconst [b, h, w, c] = x.shape;\nglobalThis.y = x.reshape([b, h, w, groups, c / groups]);',
      }),
      opPrograms({ tensors: { x: '[2, 8, 8, 30]' }, body: 'globalThis.y = tf.reshape(x, [2, 64, -1]);' }),
    ],
  },
  {
    rule: 'NL111',
    incorrect: [
      opPrograms({ tensors: { x: '[6, 6]' }, body: 'const m = x.mean(1);\nglobalThis.y = <!>x.sub(m);' }),
      opPrograms({
        tensors: { x: '[16, 10, 32]' },
        body: 'const { mean, variance } = tf.moments(x, -1);\nglobalThis.y = <!>x.sub(mean).div(variance.add(1e-5).sqrt());',
      }),
      opPrograms({
        tensors: { x: '[8, 4, 4, 3]' },
        body: 'const { mean, variance } = tf.moments(x, [1, 2]);\nconst sd = tf.sqrt(tf.add(variance, 1e-3));\nglobalThis.y = <!>tf.div(x, sd);',
      }),
      opPrograms({
        tensors: { logits: '[5, 5]' },
        body: 'const e = tf.exp(logits);\nglobalThis.p = <!>tf.div(e, tf.sum(e, 1));',
      }),
    ],
    correct: [
      opPrograms({ tensors: { x: '[6, 6]' }, body: 'const m = x.mean(1, true);\nglobalThis.y = x.sub(m);' }),
      opPrograms({ tensors: { x: '[6, 6]' }, body: 'const m = x.mean(0);\nglobalThis.y = x.sub(m);' }),
      opPrograms({
        tensors: { x: '[16, 10, 32]' },
        body: 'const { mean, variance } = tf.moments(x, [0, 1]);\nglobalThis.y = x.sub(mean).div(variance.add(1e-5).sqrt());',
      }),
      opPrograms({
        tensors: { x: '[6, 4]' },
        body: 'const s = x.square().sum(1);\nglobalThis.d = s.expandDims(1).add(s).sub(tf.matMul(x, x, false, true).mul(2));',
      }),
      opPrograms({ tensors: { x: '[6, 6]' }, body: 'const m = x.mean(1).expandDims(1);\nglobalThis.y = x.sub(m);' }),
    ],
  },
  {
    rule: 'NL112',
    incorrect: [
      ...[
        ['batchNormalize2d', '[1, 2]', '[4, 8, 8, 6]'],
        ['my_batch_norm', '[0]', '[4, 8, 8, 6]'],
        ['instanceNorm2d', '[3]', '[4, 8, 8, 6]'],
        ['applyInstanceNorm', '[1, 2, 3]', '[4, 8, 8, 6]'],
        ['layerNormalization', '[0, 3]', '[4, 8, 8, 6]'],
        ['layerNorm', '[1, 2]', '[4, 8, 8, 6]'],
        ['groupNorm', '[0, 1, 2, 4]', '[4, 8, 8, 3, 2]'],
      ].map(([name, axes, shape]) =>
        asIs(
          `const ${name} = (x) => {\n  const { mean, variance } = <!>tf.moments(x, ${axes}, true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n};\nexport const y = ${name}(tf.randomNormal(${shape}));`,
          'a.js',
        ),
      ),

      asIs(
        'function instanceNorm(x) {\n  const { mean, variance } = <!>tf.moments(x, [0, 1, 2], true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}\ninstanceNorm(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'const batchNorm = (x) => {\n  const { mean, variance } = <!>tf.moments(x, [1, 2], true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n};\nbatchNorm(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'export function layer_norm(x: tf.Tensor4D) {\n  const { mean, variance } = <!>tf.moments(x, 0, true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}',
      ),
      asIs(
        'function groupNorm(x) {\n  const g = x.reshape([2, 8, 8, 3, 2]);\n  const { mean, variance } = <!>tf.moments(g, [0, 1, 2, 4], true);\n  return g.sub(mean).div(variance.add(1e-5).sqrt()).reshape(x.shape);\n}\ngroupNorm(tf.randomNormal([2, 8, 8, 6]));',
        'a.js',
      ),
    ],
    correct: [
      ...[
        ['batchNormalize2d', '[0, 1, 2]', '[4, 8, 8, 6]'],
        ['instanceNorm2d', '[1, 2]', '[4, 8, 8, 6]'],
        ['layerNormalization', '-1', '[4, 8, 8, 6]'],
        ['groupNorm', '[1, 2, 4]', '[4, 8, 8, 3, 2]'],
      ].map(([name, axes, shape]) =>
        asIs(
          `const ${name} = (x) => {\n  const { mean, variance } = tf.moments(x, ${axes}, true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n};\nexport const y = ${name}(tf.randomNormal(${shape}));`,
          'a.js',
        ),
      ),

      asIs(
        'function instanceNorm(x) {\n  const { mean, variance } = tf.moments(x, [1, 2], true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}\ninstanceNorm(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'function batchnorm(image) {\n  const { mean, variance } = tf.moments(image, [0, 1]);\n  return image.sub(mean).div(variance.add(1e-5).sqrt());\n}\nbatchnorm(tf.randomNormal([8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'function layerNorm(x) {\n  const { mean, variance } = tf.moments(x, -1, true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}\nlayerNorm(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'function layerNorm(x) {\n  const { mean, variance } = tf.moments(x, [1, 2, 3], true);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}\nlayerNorm(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'function batchNorm(x) {\n  const { mean, variance } = tf.moments(x, [0, 1, 2]);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}\nbatchNorm(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        'function normalize(x) {\n  const { mean, variance } = tf.moments(x, [0, 1, 2]);\n  return x.sub(mean).div(variance.add(1e-5).sqrt());\n}\nnormalize(tf.randomNormal([2, 8, 8, 3]));',
        'a.js',
      ),
      asIs(
        layerWith(
          'GroupNorm',
          '    const g = x.reshape([x.shape[0], 64, 3, 2]);\n    const { mean, variance } = tf.moments(g, [1, 3], true);\n    return g.sub(mean).div(variance.add(1e-5).sqrt()).reshape(x.shape);',
        ),
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL113',
    incorrect: [
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = <!>x.sub(mean).div(variance);',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0, true);\nglobalThis.y = <!>tf.div(tf.sub(x, mean), tf.add(variance, 1e-5));',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = <!>x.sub(mean).div(variance.sqrt());',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const m = x.mean(0);\nconst c = x.sub(m);\nconst v = c.square().mean(0);\nglobalThis.y = <!>c.div(v.sqrt());',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = <!>x.sub(mean).mul(tf.rsqrt(variance));',
      }),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = x.sub(mean).div(variance.add(1e-5).sqrt());',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = x.sub(mean).div(variance.sqrt().add(1e-5));',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.nll = x.sub(mean).square().div(variance.mul(2)).sum();',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = tf.mul(x.sub(mean), tf.rsqrt(variance.add(1e-3)));',
      }),
      opPrograms({
        tensors: { x: '[16, 4]', other: '[16, 4]' },
        body: 'const { variance } = tf.moments(x, 0);\nglobalThis.w = other.div(variance);',
      }),
    ],
  },
  {
    rule: 'NL114',
    incorrect: [
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const <!>[mean, variance] = tf.moments(x, 0);\nglobalThis.y = x.sub(mean).div(variance.add(1e-5).sqrt());',
      }),
      opPrograms({ tensors: { x: '[16, 4]' }, body: 'globalThis.m = <!>tf.moments(x, 0)[0];' }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const moments = x.moments ? tf.moments(x) : tf.moments(x);\nconst <!>[m] = tf.moments(x);\nglobalThis.m = m;',
      }),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean, variance } = tf.moments(x, 0);\nglobalThis.y = [mean, variance];',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const m = tf.moments(x, 0).mean;\nconst [a, b] = tf.split(x, 2);\nglobalThis.y = [m, a, b];',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const [m, v] = Object.values(tf.moments(x, 0));\nglobalThis.y = [m, v];',
      }),
    ],
  },
  {
    rule: 'NL118',
    incorrect: [
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean } = tf.moments(x, 0);\n<!>x.sub(mean);\nglobalThis.y = x.square();',
      }),
      opPrograms({
        tensors: { x: '[16, 4]', m: '[4]', v: '[4]' },
        body: '<!>tf.batchNorm(x, m, v);\nglobalThis.y = x.square();',
      }),
      asIs(
        'const input = tf.input({ shape: [16] });\nlet x = tf.layers.dense({ units: 8 }).apply(input);\n<!>tf.layers.batchNormalization().apply(x);\nx = tf.layers.reLU().apply(x);\nexport const model = tf.model({ inputs: input, outputs: x });',
        'a.js',
      ),
      asIs(
        'function block(x: tf.SymbolicTensor) {\n  const bn = tf.layers.layerNormalization();\n  <!>bn.apply(x);\n  return tf.layers.reLU().apply(x) as tf.SymbolicTensor;\n}\nconst input = tf.input({ shape: [16] });\nexport const model = tf.model({ inputs: input, outputs: block(input) });',
      ),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const { mean } = tf.moments(x, 0);\nconst y = x.sub(mean);\ny.print();',
      }),
      opPrograms({
        tensors: { x: '[16, 4]' },
        body: 'const bn = tf.layers.batchNormalization();\nbn.apply(x, { training: true });\nglobalThis.y = bn.apply(x);',
      }),
      opPrograms({ tensors: { x: '[16, 4]' }, body: 'x.square().dispose();\nx.square().dataSync();' }),
    ],
  },
];

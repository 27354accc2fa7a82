/** Programs about weights that are copied, statistics kept by hand, gradients that are summed, names that are not there. */
import { asIs } from '../idioms';
import type { Cases } from './cases';

const PAIR = `const make = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.batchNormalization(), tf.layers.dense({ units: 2 })] });
const online = make();
const target = make();
const tau = 0.005;
`;
const mixed = (i: string, list: string): string => `${i}.read().mul(1 - tau).add(online.${list}[i].read().mul(tau))`;

/** The ways in which targets are brought up to date, over one list of weights. */
const updates = (list: string): readonly string[] => [
  `target.${list}.forEach((w, i) => {\n  <!>w.write(${mixed('w', list)});\n});`,
  `for (let i = 0; i < target.${list}.length; i++) <!>target.${list}[i].write(online.${list}[i].read());`,
  `for (const [i, w] of target.${list}.entries()) <!>w.write(tf.tidy(() => ${mixed('w', list)}));`,
  `function soft(from, to) {\n  from.${list}.forEach((w, i) => {\n    <!>to.${list}[i].write(w.read().mul(tau).add(to.${list}[i].read().mul(1 - tau)));\n  });\n}\nsoft(online, target);`,
  `tf.tidy(() => {\n  for (let i = 0; i < online.${list}.length; i++) {\n    const next = ${mixed(`target.${list}[i]`, list)};\n    <!>target.${list}[i].write(next);\n  }\n});`,
  `class Agent {\n  constructor() {\n    this.online = online;\n    this.target = target;\n  }\n  sync() {\n    this.target.${list}.forEach((w, i) => <!>w.write(this.online.${list}[i].read()));\n  }\n}\nnew Agent().sync();`,
  `const sources = online.${list};\ntarget.${list}.map((w, i) => <!>w.write(sources[i].read()));`,
  `async function every() {\n  for (let step = 0; step < 3; step++) {\n    target.${list}.forEach((w, i) => {\n      <!>w.write(online.${list}[i].read());\n    });\n    await tf.nextFrame();\n  }\n}\nawait every();`,
  `const copy = (a, b) => a.${list}.forEach((w, i) => <!>b.${list}[i].write(w.read()));\ncopy(online, target);`,
  `let i = 0;\nfor (const w of target.${list}) {\n  <!>w.write(online.${list}[i].read());\n  i += 1;\n}`,
];

/** A batch norm kept by hand, with what it makes of the batch's variance. */
const running = (
  variance: string,
  update: (batch: string) => string,
  port = '// ported from PyTorch: nn.BatchNorm1d',
) => `${port}
const n = 16;
const momentum = 0.1;
const runningVar = tf.variable(tf.ones([4]));
function forward(x) {
  const { mean, variance } = tf.moments(x, 0);
  ${update(variance)}
  return x.sub(mean).div(variance.add(1e-5).sqrt());
}
forward(tf.randomNormal([16, 4])).print();`;

const averages: readonly ((batch: string) => string)[] = [
  (batch) => `<!>runningVar.assign(runningVar.mul(0.9).add(${batch}.mul(0.1)));`,
  (batch) => `<!>runningVar.assign(tf.add(tf.mul(runningVar, 0.9), tf.mul(${batch}, 0.1)));`,
  (batch) => `<!>runningVar.assign(runningVar.mul(1 - momentum).add(${batch}.mul(momentum)));`,
  (batch) => `const next = runningVar.mul(0.9).add(${batch}.mul(0.1));\n  <!>runningVar.assign(next);`,
  (batch) => `tf.tidy(() => {\n    <!>runningVar.assign(runningVar.mul(0.99).add(${batch}.mul(0.01)));\n  });`,
];

const MICRO = `const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [16], useBias: false }), tf.layers.batchNormalization(), tf.layers.dense({ units: 1 })] });
const optimizer = tf.train.sgd(0.1);
const x = tf.randomNormal([32, 16]);
`;

export const copyCases: readonly Cases[] = [
  {
    rule: 'NL214',
    incorrect: updates('trainableWeights').map((text) => asIs(`${PAIR}${text}`, 'a.mjs')),
    correct: [
      ...updates('weights').map((text) => asIs(`${PAIR}${text.replaceAll('<!>', '')}`, 'a.mjs')),
      asIs(`${PAIR}target.setWeights(online.getWeights());`),
      asIs(
        `${PAIR.replace('batchNormalization', 'layerNormalization')}${(updates('trainableWeights')[0] ?? '').replace('<!>', '')}`,
        'a.mjs',
      ),
    ],
  },
  {
    rule: 'NL310',
    incorrect: averages.flatMap((update) => [
      asIs(running('variance', update), 'a.js'),
      asIs(running('variance', update, 'const source = "model.pth"; // weights from state_dict'), 'a.js'),
    ]),
    correct: averages.flatMap((update) => [
      asIs(running('variance.mul(n / (n - 1))', update).replaceAll('<!>', ''), 'a.js'),
      asIs(running('variance', update, '// the layer of Keras, by hand').replaceAll('<!>', ''), 'a.js'),
    ]),
  },
  {
    rule: 'NL211',
    incorrect: [
      asIs(
        `${MICRO}const total = [];\ntf.split(x, 4).forEach((part) => {\n  total.push(<!>tf.variableGrads(() => model.apply(part, { training: true }).mean()).grads);\n});\nconst names = Object.keys(total[0]);\noptimizer.applyGradients(Object.fromEntries(names.map((name) => [name, tf.addN(total.map((grads) => grads[name]))])));`,
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL313',
    incorrect: [],
    correct: [
      asIs('export const make = () => tf.layers.batchNormalization({ axis: -1 });'),
      asIs(
        'const { batchNormalization: groupNormalization } = tf.layers;\nexport const l = groupNormalization();',
        'a.js',
      ),
      asIs(
        'const make = tf.layers.rmsNormalization ?? (() => tf.layers.layerNormalization());\nexport const l = make();',
        'a.js',
      ),
      asIs('if (tf.layers.groupNormalization) console.log("there is one");', 'a.js'),
      asIs('const has = typeof tf.layers.groupNormalization === "function";\nconsole.log(has);', 'a.js'),
    ],
  },
];

/**
 * One fragment, many programs: the idioms in which people write the same network or the same op code. A fragment may carry
 * the mark `<!>` where the finding is to be.
 */

export interface Program {
  readonly idiom: string;
  readonly file: string;
  readonly source: string;
}

/** A stack of layers, written as calls of `tf.layers`, and what is then done with `model`. */
export interface Stack {
  /** The input shape without the batch: `[28, 28, 8]`. */
  readonly input: string;
  readonly layers: readonly string[];
  /** Statements about `model`; they may await. */
  readonly after?: string;
  /** Statements before it. */
  readonly before?: string;
}

type Idiom<F> = readonly [name: string, file: string, write: (fragment: F) => string];

const indent = (text: string): string => text.replace(/^/gm, '  ');
const ESM = "import * as tf from '@tensorflow/tfjs';\n";

const stackIdioms: readonly Idiom<Stack>[] = [
  [
    'sequential.add',
    'add.ts',
    ({ input, layers, before = '', after = '' }) =>
      `${ESM}${before}
const model = tf.sequential();
model.add(tf.layers.inputLayer({ inputShape: ${input} }));
${layers.map((layer) => `model.add(${layer});`).join('\n')}
async function main() {
${indent(after)}
}
main();`,
  ],
  [
    'sequential with a list, CommonJS',
    'list.js',
    ({ input, layers, before = '', after = '' }) =>
      `const tf = require('@tensorflow/tfjs');
${before}
(async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: ${input} }),
${layers.map((layer) => `      ${layer},`).join('\n')}
    ],
  });
${indent(after)}
})();`,
  ],
  [
    'functional chain',
    'chain.ts',
    ({ input, layers, before = '', after = '' }) =>
      `${ESM}${before}
export async function run(): Promise<void> {
  const inputs = tf.input({ shape: ${input} });
  let x: tf.SymbolicTensor = inputs;
${layers.map((layer) => `  x = ${layer}.apply(x) as tf.SymbolicTensor;`).join('\n')}
  const model = tf.model({ inputs, outputs: x });
${indent(after)}
}
await run();`,
  ],
  [
    'reduce over a list of layers',
    'reduce.mjs',
    ({ input, layers, before = '', after = '' }) =>
      `import * as tf from '@tensorflow/tfjs-node';
${before}
const stack = [
${layers.map((layer) => `  ${layer},`).join('\n')}
];
const inputs = tf.input({ shape: ${input} });
const model = tf.model({ inputs, outputs: stack.reduce((x, layer) => layer.apply(x), inputs) });
${after}`,
  ],
  [
    'class with a build method',
    'class.ts',
    ({ input, layers, before = '', after = '' }) =>
      `${ESM}${before}
class Network {
  private readonly model: tf.Sequential;
  constructor(private readonly inputShape: number[]) {
    this.model = this.buildModel();
  }
  private buildModel(): tf.Sequential {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: this.inputShape }));
${layers.map((layer) => `    model.add(${layer});`).join('\n')}
    return model;
  }
  async run(): Promise<void> {
    const { model } = this;
${indent(indent(after))}
  }
}
await new Network(${input}).run();`,
  ],
  [
    'loop over a table of factories',
    'loop.ts',
    ({ input, layers, before = '', after = '' }) =>
      `${ESM}${before}
const blocks = [
${layers.map((layer) => `  () => ${layer},`).join('\n')}
] as const;
function createModel(shape: number[]): tf.LayersModel {
  const inputs = tf.input({ shape });
  let x: tf.SymbolicTensor = inputs;
  for (const make of blocks) x = make().apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs, outputs: x });
}
const model = createModel(${input});
${after}`,
  ],
];

/** The stack in every idiom. */
export function stackPrograms(stack: Stack): readonly Program[] {
  return stackIdioms.map(([idiom, file, write]) => ({ idiom, file, source: write(stack) }));
}

/** Op code about tensors that are declared first. */
export interface Ops {
  /** `x: '[8, 4, 4, 3]'`: random tensors by name. */
  readonly tensors: Readonly<Record<string, string>>;
  /** Statements. */
  readonly body: string;
}

const declared = (tensors: Ops['tensors'], type = ''): string =>
  Object.entries(tensors)
    .map(([name, shape]) => `const ${name}${type} = tf.randomNormal(${shape});`)
    .join('\n');

const opIdioms: readonly Idiom<Ops>[] = [
  ['top level', 'top.ts', ({ tensors, body }) => `${ESM}${declared(tensors)}\n${body}`],
  [
    'function that is called',
    'called.js',
    ({ tensors, body }) =>
      `const tf = require('@tensorflow/tfjs');
function compute(${Object.keys(tensors).join(', ')}) {
${indent(body)}
}
compute(${Object.values(tensors)
        .map((shape) => `tf.randomNormal(${shape})`)
        .join(', ')});`,
  ],
  [
    'tidy in an async arrow',
    'tidy.ts',
    ({ tensors, body }) =>
      `${ESM}export const step = async () => {
  tf.tidy(() => {
${indent(indent(declared(tensors)))}
${indent(indent(body))}
  });
};
await step();`,
  ],
  [
    'method of a class',
    'method.ts',
    ({ tensors, body }) =>
      `${ESM}class Processor {
  run(${Object.keys(tensors)
    .map((name) => `${name}: tf.Tensor`)
    .join(', ')}) {
${indent(indent(body))}
  }
}
new Processor().run(${Object.values(tensors)
        .map((shape) => `tf.randomNormal(${shape})`)
        .join(', ')});`,
  ],
  [
    'helper in a loop',
    'helper.mjs',
    ({ tensors, body }) =>
      `import * as tf from '@tensorflow/tfjs-core';
const once = (${Object.keys(tensors).join(', ')}) => {
${indent(body)}
};
for (let i = 0; i < 2; i += 1) {
  once(${Object.values(tensors)
    .map((shape) => `tf.randomNormal(${shape})`)
    .join(', ')});
}`,
  ],
];

/** The op code in every idiom. */
export function opPrograms(ops: Ops): readonly Program[] {
  return opIdioms.map(([idiom, file, write]) => ({ idiom, file, source: write(ops) }));
}

/** A program as it is, for what has no second way to be written. */
export function asIs(source: string, file = 'program.ts'): readonly Program[] {
  return [
    {
      idiom: 'as written',
      file,
      source: /@tensorflow|\btf\b.*from|require\(/.test(source) ? source : `${ESM}${source}`,
    },
  ];
}

/** One training step by hand: declarations, and statements that end in `return loss`. */
export interface Step {
  readonly before: string;
  readonly loss: string;
}

const stepIdioms: readonly Idiom<Step>[] = [
  [
    'minimize in a loop',
    'minimize.ts',
    ({ before, loss }) =>
      `${ESM}${before}
const optimizer = tf.train.adam(1e-3);
for (let epoch = 0; epoch < 20; epoch += 1) {
  optimizer.minimize(() => {
${indent(indent(loss))}
  });
}`,
  ],
  [
    'variableGrads and applyGradients in a function',
    'grads.js',
    ({ before, loss }) =>
      `const tf = require('@tensorflow/tfjs');
${before}
function trainStep(optimizer) {
  const lossFunction = () => {
${indent(indent(loss))}
  };
  const { value, grads } = tf.variableGrads(lossFunction);
  optimizer.applyGradients(grads);
  return value;
}
trainStep(tf.train.sgd(0.1));`,
  ],
  [
    'method of a trainer',
    'trainer.ts',
    ({ before, loss }) =>
      `${ESM}${before}
class Trainer {
  private readonly optimizer = tf.train.rmsprop(1e-4);
  step(): tf.Scalar | null {
    return this.optimizer.minimize(() => {
${indent(indent(indent(loss)))}
    }, true);
  }
}
const trainer = new Trainer();
for (const _ of [1, 2, 3]) trainer.step();`,
  ],
  [
    'tidy in an async function that nobody calls',
    'async.mjs',
    ({ before, loss }) =>
      `import * as tf from '@tensorflow/tfjs';
${before}
export async function train(steps = 100) {
  const optimizer = tf.train.adam();
  for (let i = 0; i < steps; i++) {
    const cost = tf.tidy(() => optimizer.minimize(() => {
${indent(indent(indent(loss)))}
    }, true));
    await cost.data();
  }
}`,
  ],
];

/** The step in every idiom. */
export function stepPrograms(step: Step): readonly Program[] {
  return stepIdioms.map(([idiom, file, write]) => ({ idiom, file, source: write(step) }));
}

import { type Context, indent } from '../context';
import { drawFault } from '../layerFaults';
import type { Dims } from '../steps';
import { layer, number } from '../values';
import { firstOptions, type Idiom, plan, use } from './idiom';

/** A class that holds its model, built by a method from fields. */
function holder(ctx: Context): void {
  const { random } = ctx;
  const features = random.int(2, 10);
  const hidden = random.pick([4, 6, 8]);
  const classes = random.int(2, 5);
  const name = ctx.name('Network');
  const fault = ctx.faulty ? `    model.add(${layer(ctx, drawFault(random, [99]))});\n` : '';
  const own = random.chance(0.3) ? '#hidden' : 'hidden';
  const fields = random.chance(0.5) || own === '#hidden';
  const norm = random.chance(0.5) ? `    model.add(${ctx.layers}.batchNormalization({ momentum: 0.9 }));\n` : '';
  const any = ctx.typescript ? ': any' : '';
  ctx.write(
    `class ${name} {
${fields ? `  ${own}${any} = ${number(ctx, hidden)};\n` : ''}${ctx.typescript ? '  model: any;\n  features: any;\n' : ''}${ctx.typescript && !fields ? '  hidden: any;\n' : ''}
  constructor(features${any}) {
    this.features = features;
${fields ? '' : `    this.hidden = ${number(ctx, hidden)};\n`}    this.model = this.buildModel(${number(ctx, classes)});
  }

${random.chance(0.4) ? `  get inputShape() {\n    return [this.features];\n  }\n\n` : `  inputShape${ctx.typescript ? ': any' : ''} = null;\n\n`}  ${random.chance(0.2) ? 'private_' : ''}buildModel(classes${any}) {
    const model = tf.sequential();
    model.add(${ctx.layers}.dense({ units: this.${own}, inputShape: this.inputShape ?? [this.features] }));
${norm}${fault}    model.add(${ctx.layers}.dense({ units: classes, activation: 'softmax' }));
    return model;
  }
}`.replace('  private_buildModel', '  buildModel'),
  );
  const instance = ctx.name('network');
  ctx.write(`const ${instance} = new ${name}(${number(ctx, features)});`);
  use(ctx, `${instance}.model`, [features], [classes]);
}

/** A base class that builds, subclasses that say what. */
function hierarchy(ctx: Context): void {
  const { random } = ctx;
  const { input, steps, out } = plan(ctx, [2, 4]);
  const base = ctx.name('BaseModel');
  const derived = ctx.name('MyModel');
  const any = ctx.typescript ? ': any' : '';
  const layers = steps.map((step, i) =>
    indent(indent(indent(`${layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {})},`))),
  );
  ctx.write(`class ${base} {
${ctx.typescript ? '  model: any;\n' : ''}  build() {
    this.model = tf.sequential();
    for (const layer of this.layers()) this.model.add(layer);
    return this${random.chance(0.5) ? '' : '.model && this'};
  }

  layers()${any}${ctx.typescript ? '[]' : ''} {
    return [];
  }
}`);
  ctx.write(`class ${derived} extends ${base} {
  ${random.chance(0.3) && ctx.typescript ? 'override ' : ''}layers() {
    return [
${layers.join('\n')}
    ];
  }
${random.chance(0.3) ? `\n  build() {\n    super.build();\n    return this;\n  }\n` : ''}}`);
  const instance = ctx.name('instance');
  ctx.write(`const ${instance} = new ${derived}().build();`);
  use(ctx, `${instance}.model`, input, out);
}

/** Static factories and builders that return `this`. */
function fluent(ctx: Context): void {
  const { random } = ctx;
  const { input, steps, out } = plan(ctx, [2, 4]);
  const name = ctx.name('Builder');
  const any = ctx.typescript ? ': any' : '';
  ctx.write(`class ${name} {
${ctx.typescript ? '  model: any;\n' : ''}  static create() {
    return new ${name}();
  }

  constructor() {
    this.model = tf.sequential();
  }

  with(layer${any}) {
    this.model.add(layer);
    return this;
  }

  done() {
    return this.model;
  }
}`);
  const model = ctx.name('model');
  const calls = steps.map((step, i) => indent(`.with(${layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {})})`));
  ctx.write(
    `const ${model} = ${random.chance(0.5) ? `${name}.create()` : `new ${name}()`}\n${calls.join('\n')}\n  .done();`,
  );
  use(ctx, model, input, out);
}

interface CustomLayer {
  readonly name: string;
  /** Class text. */
  readonly text: string;
  out(dims: Dims): Dims;
}

/** Layers of one's own: a scale, a norm from moments, a projection. */
function customLayer(ctx: Context): CustomLayer {
  const { random } = ctx;
  const kind = random.int(0, 2);
  const name = ctx.name(['Scale', 'MomentNorm', 'Project'][kind] ?? 'Custom');
  const any = ctx.typescript ? ': any' : '';
  const fault = ctx.faulty;
  const width = random.int(2, 6);
  const first = 'const x = Array.isArray(inputs) ? inputs[0] : inputs;';
  const fields = ctx.typescript ? '  weight: any;\n  epsilon: any;\n' : '';
  const parts = [
    {
      build: `this.weight = this.addWeight('weight', [inputShape[inputShape.length - 1]], 'float32', tf.initializers.ones());`,
      call: fault
        ? `return tf.add(x.mul(this.weight.read()), tf.ones([7, 11, 13, 17]));⚑`
        : 'return x.mul(this.weight.read());',
      out: 'return inputShape;',
    },
    {
      build: `this.epsilon = 1e-5;`,
      call: `const { mean, variance } = tf.moments(x, -1, true);\n      return x.sub(mean).div(variance.add(this.epsilon).sqrt())${fault ? '.reshape([7, 11, 13])⚑' : ''};`,
      out: 'return inputShape;',
    },
    {
      build: `this.weight = this.addWeight('kernel', [inputShape[inputShape.length - 1], ${width}], 'float32', tf.initializers.randomNormal({}));`,
      call: fault ? `return tf.matMul(x, tf.ones([41, 3]));⚑` : 'return tf.matMul(x, this.weight.read());',
      out: `return [...inputShape.slice(0, -1), ${width}];`,
    },
  ] as const;
  const part = parts[kind] ?? parts[0];
  const tidy = random.chance(0.6);
  const call = tidy
    ? `    return tf.tidy(() => {\n      ${first}\n      ${part.call}\n    });`
    : `    ${first}\n    ${part.call.replace(/\n {2}/g, '\n')}`;
  const register = random.chance(0.5) ? `\ntf.serialization.registerClass(${name});` : '';
  const text = `class ${name} extends tf.layers.Layer {
${fields}  constructor(config${any} = {}) {
    super(config);
    this.supportsMasking = true;
  }

  build(inputShape${any}) {
    ${part.build}
    ${random.chance(0.5) ? 'super.build(inputShape);' : 'this.built = true;'}
  }

  call(inputs${any}${random.chance(0.5) ? `, kwargs${any}` : ''})${any} {
${call}
  }

  computeOutputShape(inputShape${any}) {
    ${part.out}
  }

  ${random.chance(0.7) ? `static get className() {\n    return '${name}';\n  }` : `getClassName() {\n    return '${name}';\n  }`}
}${random.chance(0.7) && register !== '' ? register : ''}`;
  // A class without className cannot be named by tfjs: all of these have one, static, or the registered getter.
  return {
    name,
    text: text.replace(/getClassName\(\) \{\n {4}return '(\w+)';\n {2}\}/, "static className = '$1';"),
    out: (dims) => (kind === 2 ? [...dims.slice(0, -1), width] : dims),
  };
}

function custom(ctx: Context): void {
  const { random } = ctx;
  const own = customLayer(ctx);
  ctx.write(own.text);
  const features = random.int(3, 8);
  const units = random.int(2, 9);
  const given = ctx.name('input');
  const model = ctx.name('model');
  const name = random.chance(0.3) ? `{ name: '${ctx.name('mine')}' }` : random.chance(0.5) ? '{}' : '';
  const out = [...own.out([units]), 2].slice(-1);
  if (random.chance(0.5) && !ctx.faulty) {
    ctx.write(`const ${model} = tf.sequential();`);
    ctx.write(`${model}.add(${ctx.layers}.dense({ units: ${units}, inputShape: [${features}] }));`);
    ctx.write(`${model}.add(new ${own.name}(${name}));`);
    ctx.write(`${model}.add(${ctx.layers}.dense({ units: 2 }));`);
    use(ctx, model, [features], out);
    return;
  }
  ctx.write(`const ${given} = tf.input({ shape: [${features}] });`);
  const y = ctx.name('y');
  ctx.write(
    `const ${y} = ${ctx.symbolic(`new ${own.name}(${name}).apply(${ctx.layers}.dense({ units: ${units} }).apply(${given}))`)};`,
  );
  ctx.write(
    `const ${model} = tf.model({ inputs: ${given}, outputs: ${ctx.layers}.dense({ units: 2 }).apply(${y})${ctx.typescript ? ' as tf.SymbolicTensor' : ''} });`,
  );
  if (ctx.faulty) ctx.write(`${model}.predict(tf.ones([3, ${features}]));`);
  else use(ctx, model, [features], out);
}

export const classIdioms: readonly Idiom[] = [
  { name: 'class: a model in this.model, built from fields', weight: 9, write: holder },
  { name: 'class: a base class and a subclass', weight: 4, write: hierarchy },
  { name: 'class: a builder that returns this', weight: 3, write: fluent },
  { name: 'class: a custom layer', weight: 6, write: custom },
];

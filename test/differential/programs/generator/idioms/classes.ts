import { type Context, indent } from '../context';
import { drawFault } from '../layerFaults';
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

${random.chance(0.4) ? `  get inputShape() {\n    return [this.features];\n  }\n\n` : `  inputShape${ctx.typescript ? ': any' : ''} = null;\n\n`}  buildModel(classes${any}) {
    const model = tf.sequential();
    model.add(${ctx.layers}.dense({ units: this.${own}, inputShape: this.inputShape ?? [this.features] }));
${norm}${fault}    model.add(${ctx.layers}.dense({ units: classes, activation: 'softmax' }));
    return model;
  }
}`,
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

export const classIdioms: readonly Idiom[] = [
  { name: 'class: a model in this.model, built from fields', weight: 9, write: holder },
  { name: 'class: a base class and a subclass', weight: 4, write: hierarchy },
  { name: 'class: a builder that returns this', weight: 3, write: fluent },
];

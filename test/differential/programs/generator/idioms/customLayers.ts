import { type Context, flag, indent } from '../context';
import type { Dims } from '../steps';
import { type Idiom, use } from './idiom';

/** A layer of one's own: bodies of its methods, and what comes out of it. */
interface Custom {
  readonly name: string;
  readonly build: string;
  /** Statements that end in a return; `x` is the input. */
  readonly call: string;
  /** The same with a mistake, flagged. */
  readonly wrong: string;
  /** The last size of what comes out, where it is not the input's. */
  readonly width?: number;
}

function customs(ctx: Context): readonly Custom[] {
  const { random } = ctx;
  const width = random.int(2, 6);
  const channels = random.pick(['inputShape[inputShape.length - 1]', 'inputShape.at(-1)', 'inputShape.slice(-1)[0]']);
  const axis = random.pick(['-1', 'x.shape.length - 1', 'x.rank - 1']);
  return [
    {
      name: 'Scale',
      build: `this.gain = this.addWeight('gain', [${channels}], 'float32', tf.initializers.ones());`,
      call: 'return x.mul(this.gain.read());',
      wrong: `return tf.add(x.mul(this.gain.read()), tf.ones([7, 11, 13, 17]));${flag}`,
    },
    {
      name: 'MomentNorm',
      build: 'this.epsilon = 1e-5;',
      call: `const { mean, variance } = tf.moments(x, ${axis}, true);\nreturn x.sub(mean).div(variance.add(this.epsilon).sqrt());`,
      wrong: `const { mean, variance } = tf.moments(x, 5, true);${flag}\nreturn x.sub(mean).div(variance.add(this.epsilon).sqrt());`,
    },
    {
      name: 'Project',
      build: `this.kernel = this.addWeight('kernel', [${channels}, ${width}], 'float32', tf.initializers.glorotNormal({}));`,
      call: `const flat = x.reshape([-1, x.shape[x.shape.length - 1]]);\nreturn flat.matMul(this.kernel.read()).reshape([...x.shape.slice(0, -1), ${width}]);`,
      wrong: `return tf.matMul(x.reshape([-1, x.shape[x.shape.length - 1]]), tf.ones([41, 3]));${flag}`,
      width,
    },
  ];
}

/** How `computeOutputShape` says what comes out, for an input of this rank. */
function outputShape(ctx: Context, rank: number, width: number | undefined): string {
  const last = width ?? `inputShape[${rank - 1}]`;
  const before = Array.from({ length: rank - 1 }, (_, i) => `inputShape[${i}]`);
  const general = [
    `return [${[...before, last].join(', ')}];`,
    `const [batch, ...rest] = inputShape;\nreturn [batch, ...rest.slice(0, -1), ${width ?? 'rest[rest.length - 1]'}];`,
    `return inputShape.slice(0, -1).concat([${last}]);`,
    `return inputShape.map((size, i) => (i === ${rank - 1} ? ${width ?? 'size'} : size));`,
    `const shape = [...inputShape];\nshape[shape.length - 1] = ${last};\nreturn shape;`,
  ];
  return ctx.random.pick(width === undefined ? ['return inputShape;', 'return inputShape;', ...general] : general);
}

function classText(ctx: Context, own: Custom, name: string, rank: number): string {
  const { random } = ctx;
  const any = ctx.typescript ? ': any' : '';
  const body = `const x = Array.isArray(inputs) ? inputs[0] : inputs;\n${ctx.faulty ? own.wrong : own.call}`;
  const call = random.chance(0.6) ? `return tf.tidy(() => {\n${indent(body)}\n});` : body;
  const fields = ctx.typescript ? '  gain: any;\n  kernel: any;\n  epsilon: any;\n' : '';
  const naming = random.pick([
    `static get className() {\n    return '${name}';\n  }`,
    `static className = '${name}';`,
    `getClassName() {\n    return '${name}';\n  }`,
  ]);
  const inBody = (text: string): string => indent(indent(text));
  const register = !naming.startsWith('get') && random.chance(0.5) ? `\ntf.serialization.registerClass(${name});` : '';
  return `class ${name} extends tf.layers.Layer {
${fields}  constructor(config${any} = {}) {
    super(config);
    this.supportsMasking = true;
  }

  build(inputShape${any}) {
    ${own.build}
    ${random.chance(0.5) ? 'super.build(inputShape);' : 'this.built = true;'}
  }

  call(inputs${any}${random.chance(0.5) ? `, kwargs${any}` : ''})${any} {
${inBody(call)}
  }

  computeOutputShape(inputShape${any}) {
${inBody(outputShape(ctx, rank, own.width))}
  }

  ${naming}
}${register}`;
}

function custom(ctx: Context): void {
  const { random } = ctx;
  const own = random.pick(customs(ctx));
  const name = ctx.name(own.name);
  const image = random.chance(0.4);
  const input: Dims = image ? [6, 6, random.int(1, 3)] : [random.int(3, 8)];
  const units = random.int(3, 9);
  ctx.write(classText(ctx, own, name, input.length + 1));
  const first = (more: string): string =>
    image
      ? `${ctx.layers}.conv2d({ filters: ${units}, kernelSize: 3, padding: 'same'${more} })`
      : `${ctx.layers}.dense({ units: ${units}${more} })`;
  const make = ctx.name(own.name[0]?.toLowerCase() + own.name.slice(1));
  const options = random.pick(['', '{}', `{ name: '${ctx.name('mine')}' }`]);
  const factory = random.chance(0.3);
  if (factory) ctx.write(`const ${make} = (config${ctx.typescript ? '?: any' : ''}) => new ${name}(config);`);
  const layer = factory ? `${make}(${options})` : `new ${name}(${options})`;
  const out: Dims = [...input.slice(0, -1), 2];
  const model = ctx.name('model');
  if (random.chance(0.5)) {
    ctx.write(`const ${model} = tf.sequential();`);
    ctx.write(`${model}.add(${first(`, inputShape: [${input}]`)});`);
    ctx.write(`${model}.add(${layer});`);
    ctx.write(`${model}.add(${ctx.layers}.dense({ units: 2 }));`);
  } else {
    const given = ctx.name('input');
    const y = ctx.name('y');
    ctx.write(`const ${given} = tf.input({ shape: [${input}] });`);
    ctx.write(`const ${y} = ${ctx.symbolic(`${layer}.apply(${first('')}.apply(${given}))`)};`);
    ctx.write(
      `const ${model} = tf.model({ inputs: ${given}, outputs: ${ctx.layers}.dense({ units: 2 }).apply(${y})${ctx.typescript ? ' as tf.SymbolicTensor' : ''} });`,
    );
  }
  if (ctx.faulty) ctx.write(`${model}.predict(tf.ones([3, ${input}]));`);
  else use(ctx, model, input, out);
}

export const customLayerIdioms: readonly Idiom[] = [
  { name: 'custom layer: scale, norm, projection', weight: 7, write: custom },
];

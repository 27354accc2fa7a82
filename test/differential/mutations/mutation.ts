/** What a mutation is: one misuse of the rule catalogue, planted into a random clean program that has a twin without it. */
import { type Context, flag } from '../programs/generator/context';
import { classIdioms } from '../programs/generator/idioms/classes';
import { functionalIdioms } from '../programs/generator/idioms/functional';
import { functionIdioms } from '../programs/generator/idioms/functions';
import type { Idiom } from '../programs/generator/idioms/idiom';
import { sequentialIdioms } from '../programs/generator/idioms/sequential';
import { drawStep } from '../programs/generator/layerRows';
import { generate, type Program } from '../programs/generator/program';
import type { Random } from '../programs/generator/random';
import { type Dims, type Step, size, type Value } from '../programs/generator/steps';
import { number } from '../programs/generator/values';

export interface Mutation {
  readonly rule: string;
  /** What is planted, in words. */
  readonly name: string;
  /** Writes the code into the program: with the misuse (its line flagged), or the same without it. */
  write(ctx: Context, planted: boolean): void;
}

/** The program of this seed with the misuse in it, or its clean twin: both among the same random surroundings. */
export function programOf(mutation: Mutation, seed: number, planted: boolean): Program {
  const idiom: Idiom = { name: mutation.name, weight: 1, write: (ctx) => mutation.write(ctx, planted) };
  return generate(seed, false, idiom);
}

/** The flag where something is planted. */
export const mark = (planted: boolean): string => (planted ? flag : '');

// ---------------------------------------------------------------- chains of layers

/** Idioms that write any chain of layers, each layer where the mistake would be found. */
const HOSTS: ReadonlySet<string> = new Set([
  'class: a base class and a subclass',
  'class: a builder that returns this',
  'functions: a builder',
  'functions: curried layers',
  'functions: called at once, in switch or try',
]);

const hosts: readonly Idiom[] = [
  ...sequentialIdioms.filter(({ name }) => !/conditions/.test(name)),
  ...functionalIdioms,
  ...[...classIdioms, ...functionIdioms].filter(({ name }) => HOSTS.has(name)),
];

export interface Chain {
  readonly input: Dims;
  readonly steps: readonly Step[];
}

/** A model that an idiom has built, to go on with. */
export interface Built {
  readonly model: string;
  readonly input: Dims;
  readonly out: Dims;
}

export interface ChainMutation {
  readonly rule: string;
  readonly name: string;
  /** The layers, the misplanted one with `fault: true`. */
  chain(random: Random, planted: boolean): Chain;
  /** What the program does with the model; nothing where absent. */
  follow?(ctx: Context, built: Built, planted: boolean): void;
  /** Declarations in front. */
  before?(ctx: Context, planted: boolean): void;
}

/** A mutation of a model's layers, in every way in which people build models. */
export function inChain({ rule, name, chain, follow, before }: ChainMutation): Mutation {
  return {
    rule,
    name,
    write(ctx, planted) {
      const host = ctx.random.weighted(hosts);
      const { input, steps } = chain(ctx.random, planted);
      before?.(ctx, planted);
      ctx.chain = () => ({ input, steps, out: steps.at(-1)?.out ?? input });
      ctx.follow = (model, _, out) => follow?.(ctx, { model, input, out }, planted);
      host.write(ctx);
    },
  };
}

const calmTypes = new Set([
  'dense',
  'conv2d',
  'conv1d',
  'maxPooling2d',
  'averagePooling2d',
  'flatten',
  'activation',
  'leakyReLU',
  'reLU',
  'lstm',
  'gru',
  'elu',
  'globalAveragePooling2d',
  'separableConv2d',
]);

/** Layers that no rule has a word about; with `keepRank`, the number of axes stays. */
export function calm(random: Random, dims: Dims, count: number, keepRank = false): readonly Step[] {
  const steps: Step[] = [];
  for (let at = dims; steps.length < count; ) {
    const step = drawStep(random, at, (type) => calmTypes.has(type));
    if (keepRank && step.out.length !== at.length) continue;
    if (size(step.out) > 2048) break;
    steps.push(step);
    at = step.out;
  }
  return steps;
}

export const outOf = (input: Dims, steps: readonly Step[]): Dims => steps.at(-1)?.out ?? input;

/** The chain of these layers among calm ones: some before (of the rank of the input), some after and a head. */
export function around(
  random: Random,
  input: Dims,
  middle: (dims: Dims) => readonly Step[],
  { lead = 2, head = true }: { readonly lead?: number; readonly head?: boolean } = {},
): Chain {
  const before = calm(random, input, random.int(0, lead), true);
  const own = middle(outOf(input, before));
  const steps = [...before, ...own];
  const dims = outOf(input, steps);
  const after = head ? headOf(random, dims) : [];
  return { input, steps: [...steps, ...after] };
}

/** What brings any sizes down to a few outputs. */
export function headOf(random: Random, dims: Dims): readonly Step[] {
  const steps: Step[] = [...calm(random, dims, random.int(0, 1), true)];
  const at = outOf(dims, steps);
  if (at.length > 1) steps.push({ type: 'flatten', options: {}, out: [size(at)] });
  return [...steps, dense(random.pick([1, 2, 3]))];
}

export const dense = (units: number, more: Readonly<Record<string, Value>> = {}, lead: Dims = []): Step => ({
  type: 'dense',
  options: { units, ...more },
  out: [...lead, units],
});

/** A normalization layer with some harmless options. */
export function norm(
  random: Random,
  type: 'batchNormalization' | 'layerNormalization',
  dims: Dims,
  options: Readonly<Record<string, Value>> = {},
  fault = false,
): Step {
  const harmless: Record<string, Value> = {};
  if (type === 'batchNormalization' && random.chance(0.3)) harmless.momentum = random.pick([0.9, 0.95]);
  if (random.chance(0.3)) harmless.epsilon = random.pick([1e-3, 1e-5]);
  return { type, options: { ...harmless, ...options }, out: dims, fault };
}

export const vectorInput = (random: Random): Dims => [random.pick([4, 6, 7, 10, 16])];
export const sequenceInput = (random: Random): Dims => [random.int(5, 12), random.pick([3, 4, 6, 8])];
export const imageInput = (random: Random): Dims => [
  random.pick([10, 12, 16]),
  random.pick([10, 12, 14]),
  random.pick([1, 3, 4]),
];
export const anyInput = (random: Random): Dims => random.pick([vectorInput, sequenceInput, imageInput])(random);

// ---------------------------------------------------------------- what is done with models

export const batchOf = (dims: Dims, batch: number): string => `[${[batch, ...dims].join(', ')}]`;

export interface Fit {
  readonly samples: number;
  readonly batch: number;
  readonly epochs: number;
}

/** Enough of everything: full batches, and steps to forget the initial statistics. */
export const healthy: Fit = { samples: 640, batch: 32, epochs: 50 };

export function compile(ctx: Context, { model }: Built): void {
  const optimizer = ctx.random.pick(["'adam'", "'sgd'", 'tf.train.adam(1e-3)', 'tf.train.rmsprop(0.001)']);
  ctx.write(`${model}.compile({ optimizer: ${optimizer}, loss: 'meanSquaredError' });`);
}

/** `compile` and `fit`, in one of the ways in which data and options are given. */
export function compileAndFit(ctx: Context, built: Built, fit: Fit = healthy, flagged = ''): void {
  compile(ctx, built);
  fitOnly(ctx, built, fit, flagged);
}

export function fitOnly(ctx: Context, { model, input, out }: Built, fit: Fit = healthy, flagged = ''): void {
  const { random } = ctx;
  const [x, y] = [`tf.randomNormal(${batchOf(input, fit.samples)})`, `tf.randomNormal(${batchOf(out, fit.samples)})`];
  const options = `{ batchSize: ${number(ctx, fit.batch)}, epochs: ${number(ctx, fit.epochs)}${random.chance(0.3) ? ', shuffle: true' : ''} }`;
  if (random.chance(0.5)) {
    ctx.write(`await ${model}.fit(${x}, ${y}, ${options});${flagged}`);
    return;
  }
  const [xs, ys] = [ctx.name('xs'), ctx.name('ys')];
  ctx.write(`const ${xs} = ${x};\nconst ${ys} = ${y};`);
  if (random.chance(0.3)) {
    const own = ctx.name('fitOptions');
    ctx.write(`const ${own} = ${options};\nawait ${model}.fit(${xs}, ${ys}, ${own});${flagged}`);
  } else ctx.write(`await ${model}.fit(${xs}, ${ys}, ${options});${flagged}`);
}

export function predict(ctx: Context, { model, input }: Built): void {
  ctx.write(`${model}.predict(tf.zeros(${batchOf(input, ctx.random.int(1, 4))}));`);
}

// ---------------------------------------------------------------- op code and classes

export interface Code {
  /** Sizes of the tensors that the statements use, by `$name`. */
  readonly tensors: Readonly<Record<string, Dims>>;
  /** Statements; a name written `$x` is made unique. */
  readonly lines: readonly string[];
  /** What they compute. */
  readonly result: string;
  /** What the function around them may be called. */
  readonly called?: string;
}

export interface CodeMutation {
  readonly rule: string;
  readonly name: string;
  code(random: Random, planted: boolean): Code;
}

/** A mutation of op code, in every form in which it stands: at the top level, in functions, tidy, methods, loops. */
export function inCode({ rule, name, code }: CodeMutation): Mutation {
  return { rule, name, write: (ctx, planted) => writeCode(ctx, code(ctx.random, planted)) };
}

/** Replaces every `$name` by a name that is free, the same one throughout. */
export function named(ctx: Context): (text: string) => string {
  const names = new Map<string, string>();
  return (text) =>
    text
      .replace(/\$([A-Za-z_]\w*)/g, (_, base: string) => {
        const own = names.get(base) ?? ctx.name(base);
        names.set(base, own);
        return own;
      })
      .replace(/\b(\w+): \1\b(?=[ ,}])/g, '$1');
}

const inner = (lines: readonly string[], by = '  '): string => lines.join('\n').replace(/^(?=.)/gm, by);

function writeCode(ctx: Context, { tensors, lines, result, called }: Code): void {
  const { random } = ctx;
  const own = named(ctx);
  const entries = Object.entries(tensors).map(([name, dims]) => [own(`$${name}`), dims] as const);
  const declared = entries.map(([name, dims]) => `const ${name} = tf.randomNormal([${dims.join(', ')}]);`);
  const values = entries.map(([, dims]) => `tf.randomNormal([${dims.join(', ')}])`).join(', ');
  const params = entries.map(([name]) => `${name}${ctx.typescript ? ': tf.Tensor' : ''}`).join(', ');
  const body = lines.map(own);
  const value = own(result);
  const f = ctx.name(called ?? random.pick(['compute', 'standardize', 'transform', 'process']));
  const y = ctx.name('result');
  const form = called === undefined ? random.int(0, 5) : random.int(1, 4);
  switch (form) {
    case 0:
      ctx.write([...declared, ...body, `const ${y} = ${value};`].join('\n'));
      return;
    case 1:
      ctx.write(
        `function ${f}(${params}) {\n${inner([...body, `return ${value};`])}\n}\nconst ${y} = ${f}(${values});`,
      );
      return;
    case 2:
      ctx.write(`const ${f} = (${params}) => tf.tidy(() => {\n${inner([...body, `return ${value};`])}\n});`);
      ctx.write(random.chance(0.5) ? `const ${y} = ${f}(${values});` : `${f}(${values}).print();`);
      return;
    case 3: {
      const owner = ctx.name('Processor');
      ctx.write(
        `class ${owner} {\n  ${f}(${params}) {\n${inner([...body, `return ${value};`], '    ')}\n  }\n}\nconst ${y} = new ${owner}().${f}(${values});`,
      );
      return;
    }
    case 4:
      ctx.write(`const ${f} = (${params}) => {\n${inner([...body, `return ${value};`])}\n};`);
      ctx.write(`for (let i = 0; i < ${random.int(2, 4)}; i++) ${f}(${values});`);
      return;
    default:
      ctx.write(`const ${y} = tf.tidy(() => {\n${inner([...declared, ...body, `return ${value};`])}\n});`);
  }
}

/** A layer of the user's own, and a model that holds it. */
export interface Own {
  readonly className: string;
  /** Statements of the constructor after `super`. */
  readonly make?: readonly string[];
  /** Parameters of the constructor, and the arguments it is given. */
  readonly params?: string;
  readonly given?: string;
  readonly build?: readonly string[];
  /** Statements of `call(inputs)`, up to and with its return. */
  readonly call: readonly string[];
  readonly input: Dims;
  /** What computeOutputShape gives; the shape of the input where absent. */
  readonly shape?: string;
  readonly shapeMark?: string;
}

export interface OwnMutation {
  readonly rule: string;
  readonly name: string;
  layer(random: Random, planted: boolean): Own;
}

export const first = 'const x = Array.isArray(inputs) ? inputs[0] : inputs;';

/** A mutation inside a custom layer. */
export function inLayer({ rule, name, layer }: OwnMutation): Mutation {
  return {
    rule,
    name,
    write(ctx, planted) {
      const { random } = ctx;
      const own = layer(random, planted);
      const className = ctx.name(own.className);
      const any = ctx.typescript ? ': any' : '';
      const make = own.make ?? [];
      const making =
        make.length > 0 || own.params !== undefined
          ? `  constructor(${own.params === undefined ? '' : `${own.params}${any}`}) {\n    super(${own.params === 'config' ? 'config' : '{}'});\n${inner(make, '    ')}\n  }\n\n`
          : '';
      const build =
        own.build === undefined
          ? ''
          : `  build(inputShape${any}) {\n${inner(own.build, '    ')}\n    this.built = true;\n  }\n\n`;
      ctx.write(`class ${className} extends tf.layers.Layer {
${ctx.typescript ? '  [key: string]: any;\n\n' : ''}${making}${build}  call(inputs${any}${random.chance(0.3) ? `, kwargs${any}` : ''}) {
${inner(own.call, '    ')}
  }

  computeOutputShape(inputShape${any}) {${own.shapeMark ?? ''}
    return ${own.shape ?? 'inputShape'};
  }

  static get className() {
    return '${className}';
  }
}
tf.serialization.registerClass(${className});`);
      const made = `new ${className}(${own.given ?? ''})`;
      const model = ctx.name('model');
      if (random.chance(0.5)) {
        const given = ctx.name('input');
        ctx.write(`const ${given} = tf.input({ shape: [${own.input.join(', ')}] });`);
        ctx.write(
          `const ${model} = tf.model({ inputs: ${given}, outputs: ${ctx.symbolic(`${made}.apply(${given})`)} });`,
        );
      } else {
        ctx.write(
          `const ${model} = tf.sequential();\n${model}.add(tf.layers.inputLayer({ inputShape: [${own.input.join(', ')}] }));\n${model}.add(${made});`,
        );
      }
      ctx.write(`${model}.predict(tf.randomNormal(${batchOf(own.input, random.int(2, 5))}));`);
    },
  };
}

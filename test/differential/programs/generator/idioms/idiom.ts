import type { Context } from '../context';
import { drawFault } from '../layerFaults';
import { drawInput, drawStep, drawSteps } from '../layerRows';
import { type Dims, type Step, size, type Value } from '../steps';
import { layer, value } from '../values';

/** A way in which real code builds a model or computes with tensors. */
export interface Idiom {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly weight: number;
  /** Writes code with `ctx.write`; where `ctx.faulty`, with exactly one mistake that tfjs throws on. */
  write(ctx: Context): void;
}

export interface Plan {
  readonly input: Dims;
  readonly steps: readonly Step[];
  readonly out: Dims;
}

/** A chain of layers to be written in some way, one of them at fault where the context says so. */
export function plan(
  ctx: Context,
  count: readonly [number, number] = [2, 6],
  input: Dims = drawInput(ctx.random),
): Plan {
  if (ctx.chain !== undefined) return ctx.chain();
  const steps = [...drawSteps(ctx.random, input, ctx.random.int(...count), !ctx.faulty)];
  if (ctx.faulty) {
    const at = ctx.random.int(Math.min(1, steps.length), steps.length);
    const before = steps[at - 1]?.out ?? input;
    steps.splice(at, 0, drawFault(ctx.random, before));
  }
  return { input, steps, out: steps[steps.length - 1]?.out ?? input };
}

/** Layers that give their input's sizes back, so that they can be repeated. */
export function repeatable(ctx: Context, dims: Dims, count: number): readonly Step[] {
  const kept = new Set([
    'batchNormalization',
    'dropout',
    'activation',
    'leakyReLU',
    'reLU',
    'layerNormalization',
    'elu',
  ]);
  return Array.from({ length: count }, () => drawStep(ctx.random, dims, (type) => kept.has(type)));
}

/** The expressions of a sequential model's layers: the first says the input's shape. */
export function sequentialLayers(ctx: Context, { input, steps }: Plan): string[] {
  return steps.map((step, i) =>
    layer(ctx, step, i === 0 ? { [ctx.random.chance(0.9) ? 'inputShape' : 'batchInputShape']: input } : {}),
  );
}

/** The same, where the first option may be `inputShape` or, with the batch, `batchInputShape`. */
export function firstOptions(ctx: Context, input: Dims): Record<string, Value> {
  return ctx.random.chance(0.9) ? { inputShape: input } : { batchInputShape: [null, ...input] };
}

export function inputOf(ctx: Context, dims: Dims): string {
  const shape = value(ctx, dims);
  const make = ctx.random.pick(
    ['tf.input', 'tf.input', 'tf.input', 'tf.layers.input'].slice(0, ctx.layers === 'layers' ? 3 : 4),
  );
  return ctx.random.chance(0.15)
    ? `${make}({ shape: ${shape}, name: '${ctx.name('given')}' })`
    : `${make}({ shape: ${shape} })`;
}

/** `[4, 8, 8, 3]` for a batch of 4. */
export function batchOf(dims: Dims, batch: number): string {
  return `[${[batch, ...dims].join(', ')}]`;
}

/** What programs do with a model once they have it; nothing here is at fault itself. */
export function use(ctx: Context, model: string, input: Dims, out: Dims): void {
  const { random } = ctx;
  if (ctx.follow !== undefined) {
    ctx.follow(model, input, out);
    return;
  }
  if (ctx.lazyFault) ctx.write(`${model}.predict(tf.ones(${batchOf(input, 3)}));`);
  if (ctx.faulty || size(input) * 4 > 3000) return;
  if (random.chance(0.25)) ctx.write(`${model}.summary();`);
  if (random.chance(0.25)) {
    const batch = random.int(1, 3);
    const predicted = ctx.name('predicted');
    ctx.write(
      `const ${predicted} = ${model}.predict(tf.${random.pick(['zeros', 'ones', 'randomNormal'])}(${batchOf(input, batch)}))${ctx.typescript ? ' as tf.Tensor' : ''};`,
    );
    if (random.chance(0.5))
      ctx.write(`${predicted}.${random.pick(['mean()', 'argMax(-1)', 'sum(-1, true)', 'expandDims(0)'])};`);
  }
  if (ctx.trains && random.chance(0.12) && size(input) <= 200) {
    ctx.write(`${model}.compile({ optimizer: '${random.pick(['sgd', 'adam'])}', loss: 'meanSquaredError' });`);
    const samples = random.int(2, 5);
    ctx.write(
      `await ${model}.fit(tf.ones(${batchOf(input, samples)}), tf.zeros(${batchOf(out, samples)}), { batchSize: 2, epochs: 1 });`,
    );
  }
}

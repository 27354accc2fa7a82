import { indent } from '../context';
import { layer, object } from '../values';
import { firstOptions, type Idiom, plan, use } from './idiom';

export const sequentialIdioms: readonly Idiom[] = [
  {
    name: 'sequential: add one by one',
    weight: 12,
    write(ctx) {
      const { input, steps, out } = plan(ctx);
      const model = ctx.name('model');
      ctx.write(`const ${model} = tf.sequential(${ctx.random.chance(0.1) ? `{ name: '${ctx.name('net')}' }` : ''});`);
      const asLayer = ctx.random.chance(0.15);
      if (asLayer) ctx.write(`${model}.add(${ctx.layers}.inputLayer(${object(ctx, { inputShape: input })}));`);
      const forgotten = ctx.faulty && ctx.random.chance(0.05) && !asLayer;
      steps.forEach((step, i) => {
        const first = i === 0 && !asLayer && !forgotten ? firstOptions(ctx, input) : {};
        ctx.write(`${model}.add(${layer(ctx, step, first)});`);
      });
      use(ctx, model, input, out);
    },
  },
  {
    name: 'sequential: a list of layers',
    weight: 6,
    write(ctx) {
      const { input, steps, out } = plan(ctx);
      const model = ctx.name('model');
      const layers = steps.map((step, i) => layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {}));
      ctx.write(
        `const ${model} = tf.sequential({\n  layers: [\n${layers.map((l) => indent(indent(`${l},`))).join('\n')}\n  ],\n});`,
      );
      use(ctx, model, input, out);
    },
  },
  {
    name: 'sequential: a loop over layers made before',
    weight: 4,
    write(ctx) {
      const { input, steps, out } = plan(ctx);
      const model = ctx.name('model');
      const list = ctx.name('stack');
      const layers = steps.map((step, i) => layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {}));
      ctx.write(`const ${list} = [\n${layers.map((l) => indent(`${l},`)).join('\n')}\n];`);
      ctx.write(`const ${model} = tf.sequential();`);
      ctx.write(
        ctx.random.pick([
          `for (const layer of ${list}) {\n  ${model}.add(layer);\n}`,
          `${list}.forEach((layer) => ${model}.add(layer));`,
          `for (let i = 0; i < ${list}.length; i++) ${model}.add(${list}[i]);`,
          `${list}.map((layer) => {\n  ${model}.add(layer);\n  return layer.name;\n});`,
          `while (${list}.length > 0) ${model}.add(${list}.shift()${ctx.typescript ? '!' : ''});`,
        ]),
      );
      use(ctx, model, input, out);
    },
  },
  {
    name: 'sequential: lists joined by spread and concat',
    weight: 3,
    write(ctx) {
      const { input, steps, out } = plan(ctx, [3, 6]);
      const model = ctx.name('model');
      const first = ctx.name('front');
      const second = ctx.name('back');
      const layers = steps.map((step, i) => layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {}));
      const cut = ctx.random.int(1, layers.length - 1);
      ctx.write(`const ${first} = [${layers.slice(0, cut).join(', ')}];`);
      ctx.write(
        `const ${second} = () => [\n${layers
          .slice(cut)
          .map((l) => indent(`${l},`))
          .join('\n')}\n];`,
      );
      const joined = ctx.random.pick([
        `[...${first}, ...${second}()]`,
        `${first}.concat(${second}())`,
        `[${first}, ${second}()].flat()`,
      ]);
      ctx.write(`const ${model} = tf.sequential({ layers: ${joined} });`);
      use(ctx, model, input, out);
    },
  },
  {
    name: 'sequential: pushed under conditions, popped again',
    weight: 2,
    write(ctx) {
      const { input, steps, out } = plan(ctx, [2, 4]);
      const model = ctx.name('net');
      const on = ctx.name('useNorm');
      ctx.write(`const ${on} = ${ctx.random.chance(0.5)};`);
      ctx.write(`const ${model} = tf.sequential();`);
      steps.forEach((step, i) => {
        ctx.write(`${model}.add(${layer(ctx, step, i === 0 ? firstOptions(ctx, input) : {})});`);
        if (step.fault !== true) {
          if (ctx.random.chance(0.4)) ctx.write(`if (${on}) ${model}.add(${ctx.layers}.batchNormalization());`);
          if (ctx.random.chance(0.2)) ctx.write(`${on} && ${model}.add(${ctx.layers}.dropout({ rate: 0.1 }));`);
          if (ctx.random.chance(0.15))
            ctx.write(`${model}.add(${ctx.layers}.activation({ activation: 'relu' }));\n${model}.pop();`);
        }
      });
      use(ctx, model, input, out);
    },
  },
];

import { indent } from '../context';
import { layer } from '../values';
import { type Idiom, inputOf, plan, use } from './idiom';

const modelOf = (ctx: { random: { chance(p: number): boolean } }, input: string, output: string): string =>
  ctx.random.chance(0.3)
    ? `tf.model({ inputs: [${input}], outputs: [${output}] })`
    : `tf.model({ inputs: ${input}, outputs: ${output} })`;

export const functionalIdioms: readonly Idiom[] = [
  {
    name: 'functional: one variable, assigned again and again',
    weight: 10,
    write(ctx) {
      const { input, steps, out } = plan(ctx);
      const given = ctx.name('input');
      const x = ctx.name('x');
      const model = ctx.name('model');
      ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
      ctx.write(`let ${x}${ctx.type('tf.SymbolicTensor')} = ${given};`);
      for (const step of steps) ctx.write(`${x} = ${ctx.symbolic(`${layer(ctx, step)}.apply(${x})`)};`);
      ctx.write(`const ${model} = ${modelOf(ctx, given, x)};`);
      use(ctx, model, input, out);
    },
  },
  {
    name: 'functional: a constant a layer',
    weight: 6,
    write(ctx) {
      const { input, steps, out } = plan(ctx);
      const given = ctx.name('input');
      const model = ctx.name('model');
      ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
      let x = given;
      for (const step of steps) {
        const made = layer(ctx, step);
        const y = ctx.name(ctx.random.pick(['hidden', 'features', step.type.replace(/\d.*/, '')]));
        if (ctx.random.chance(0.3)) {
          const own = ctx.name(`${step.type}Layer`);
          ctx.write(`const ${own} = ${made};`);
          ctx.write(`const ${y} = ${ctx.symbolic(`${own}.apply(${x})`)};`);
        } else ctx.write(`const ${y} = ${ctx.symbolic(`${made}.apply(${x})`)};`);
        x = y;
      }
      ctx.write(`const ${model} = ${modelOf(ctx, given, x)};`);
      use(ctx, model, input, out);
    },
  },
  {
    name: 'functional: calls inside calls',
    weight: 2,
    write(ctx) {
      const { input, steps, out } = plan(ctx, [2, 4]);
      const given = ctx.name('input');
      const y = ctx.name('output');
      const model = ctx.name('model');
      ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
      const text = steps.reduce((x, step) => `${layer(ctx, step)}.apply(${x})`, given);
      ctx.write(`const ${y} = ${ctx.symbolic(text)};`);
      ctx.write(`const ${model} = ${modelOf(ctx, given, y)};`);
      use(ctx, model, input, out);
    },
  },
  {
    name: 'functional: reduce over layers',
    weight: 5,
    write(ctx) {
      const { input, steps, out } = plan(ctx);
      const given = ctx.name('input');
      const list = ctx.name('layerList');
      const y = ctx.name('output');
      const model = ctx.name('model');
      ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
      ctx.write(`const ${list} = [\n${steps.map((step) => indent(`${layer(ctx, step)},`)).join('\n')}\n];`);
      ctx.write(
        ctx.random.pick([
          `const ${y} = ${list}.reduce((x, layer) => ${ctx.symbolic('layer.apply(x)')}, ${given});`,
          `let ${y} = ${given};\nfor (const layer of ${list}) {\n  ${y} = ${ctx.symbolic(`layer.apply(${y})`)};\n}`,
          `let ${y} = ${given};\n${list}.forEach((layer, i) => {\n  ${y} = ${ctx.symbolic(`layer.apply(${y})`)};\n});`,
          `let ${y} = ${given};\nfor (const i in ${list}) ${y} = ${ctx.symbolic(`${list}[i].apply(${y})`)};`,
        ]),
      );
      ctx.write(`const ${model} = ${modelOf(ctx, given, y)};`);
      use(ctx, model, input, out);
    },
  },
  {
    name: 'functional: a pipeline of functions',
    weight: 3,
    write(ctx) {
      const { input, steps, out } = plan(ctx, [2, 4]);
      const given = ctx.name('input');
      const pipe = ctx.name('pipe');
      const net = ctx.name('net');
      const model = ctx.name('model');
      ctx.write(
        `const ${pipe} = (...fns${ctx.typescript ? ': ((x: any) => any)[]' : ''}) => (x${ctx.typescript ? ': any' : ''}) => fns.reduce((v, f) => f(v), x);`,
      );
      const functions = steps.map((step) => indent(`(x${ctx.type('any')}) => ${layer(ctx, step)}.apply(x),`));
      ctx.write(`const ${net} = ${pipe}(\n${functions.join('\n')}\n);`);
      ctx.write(`const ${given} = ${inputOf(ctx, input)};`);
      ctx.write(`const ${model} = ${modelOf(ctx, given, `${net}(${given})`)};`);
      use(ctx, model, input, out);
    },
  },
];

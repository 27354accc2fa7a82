import { type Context, flag, indent } from '../context';
import { drawFault } from '../layerFaults';
import { isNested, type Step } from '../steps';
import { value } from '../values';
import { type Idiom, type Plan, plan, use } from './idiom';

/** Steps whose options are plain data, so that they can stand in a table. */
function dataPlan(ctx: Context): Plan {
  for (;;) {
    const drawn = plan(ctx, [2, 5]);
    if (drawn.steps.every((step) => Object.values(step.options).every((v) => !isNested(v)))) return drawn;
    ctx.lazyFault = false;
  }
}

function row(ctx: Context, step: Step, input: readonly number[] | undefined): string {
  const options = { ...step.options, ...(input === undefined ? {} : { inputShape: input }) };
  ctx.lazyFault ||= step.lazy === true;
  ctx.trains ||= step.type === 'dense';
  const entries = Object.entries(options).map(([key, v]) => `${key}: ${value(ctx, v)}`);
  return `{ ${[`type: '${step.type}'`, ...entries].join(', ')} },${step.fault === true ? flag : ''}`;
}

/** A table of layers as data, and code that makes them from it. */
function table(ctx: Context): void {
  const { random } = ctx;
  const { input, steps, out } = dataPlan(ctx);
  const spec = ctx.name('spec');
  const model = ctx.name('model');
  const rows = steps.map((step, i) => indent(row(ctx, step, i === 0 ? input : undefined)));
  const any = ctx.typescript ? ': any' : '';
  ctx.write(`const ${spec}${ctx.typescript ? ': any[]' : ''} = [\n${rows.join('\n')}\n];`);
  ctx.write(`const ${model} = tf.sequential();`);
  const cases = [...new Set(steps.map((step) => step.type))];
  ctx.write(
    random.pick([
      `for (const { type, ...options } of ${spec}) {\n  ${model}.add(${ctx.layers}[type](options));\n}`,
      `${spec}.forEach(({ type, ...options }) => ${model}.add(${ctx.layers}[type](options)));`,
      `const make${any} = {\n${cases.map((type) => `  ${type}: (options${any}) => ${ctx.layers}.${type}(options),`).join('\n')}\n};\n${spec}.map(({ type, ...options }) => make[type](options)).forEach((layer) => ${model}.add(layer));`.replaceAll(
        'make',
        ctx.name('registry'),
      ),
      `for (const row of ${spec}) {\n  const { type, ...options } = row;\n  switch (type) {\n${cases.map((type) => `    case '${type}':\n      ${model}.add(${ctx.layers}.${type}(options));\n      break;`).join('\n')}\n    default:\n      throw new Error(\`unknown layer \${type}\`);\n  }\n}`,
      `for (const row of ${spec}) {\n  const { type, ...options } = row;\n${cases.map((type, i) => `  ${i > 0 ? '} else ' : ''}if (type === '${type}') {\n    ${model}.add(${ctx.layers}.${type}(options));`).join('\n')}\n  }\n}`,
    ]),
  );
  use(ctx, model, input, out);
}

/** Sizes out of text, JSON, enums and the like. */
function parsed(ctx: Context): void {
  const { random } = ctx;
  const units = Array.from({ length: random.int(2, 3) }, () => random.pick([2, 3, 4, 6, 8]));
  const features = random.int(2, 9);
  const list = ctx.name('widths');
  const model = ctx.name('model');
  const text = units.join(',');
  ctx.write(
    random.pick([
      `const ${list} = '${text}'.split(',').map(Number);`,
      `const ${list} = '${text}'.split(',').map((s) => parseInt(s, 10));`,
      `const ${list} = JSON.parse('[${text}]')${ctx.typescript ? ' as number[]' : ''};`,
      `const { widths: ${list} } = JSON.parse('{"widths": [${text}]}');`,
      `const ${list} = Array.from(new Set([${[...new Set(units)].join(', ')}]));`,
      `const ${list} = [${[...units].reverse().join(', ')}].reverse();`,
      `const ${list} = [...[${text}]].sort(() => 0);`,
      `const ${list} = Object.values({ ${units.map((u, i) => `w${i}: ${u}`).join(', ')} });`,
      `const ${list} = Object.keys({ ${[...new Set(units)].map((u) => `${u}: true`).join(', ')} }).map(Number);`,
      `const ${list} = Array(${units.length}).fill(${units[0]}).map((n, i) => n + i);`,
      `const ${list} = [${units.map((u) => `[${u}, 'relu']`).join(', ')}].map(([n]) => n)${ctx.typescript ? ' as number[]' : ''};`,
    ]),
  );
  ctx.write(`const ${model} = tf.sequential();
${model}.add(${ctx.layers}.inputLayer({ inputShape: [${features}] }));
for (const [i, units] of ${list}.entries()) {
  ${model}.add(${ctx.layers}.dense({ units, name: ${random.pick([`\`${ctx.name('hidden')}_\${i + 1}\``, `'${ctx.name('fc')}' + i`, `['${ctx.name('layer')}', i].join('_')`, `'${ctx.name('part')}'.concat(String(i))`])} }));
}`);
  if (ctx.faulty)
    ctx.write(
      `${model}.add(${ctx.layers}.${random.pick(['conv1d({ filters: 4, kernelSize: 3 })', 'lstm({ units: 3 })', 'permute({ dims: [2, 1] })'])});${flag}`,
    );
  use(ctx, model, [features], [1]);
}

/** Counters in closures, optional chaining, nullish assignment, labelled loops, getters: the rest of the language. */
function language(ctx: Context): void {
  const { random } = ctx;
  const features = random.int(2, 9);
  const units = random.pick([3, 4, 6]);
  const any = ctx.typescript ? ': any' : '';
  const n = ctx.name('n');
  const ways: readonly string[] = [
    `const next${n} = (() => {\n  let count = ${units - 1};\n  return () => ++count;\n})();\nconst ${n} = next${n}();`,
    `const opts${n}${any} = { net: { units: ${units} } };\nconst ${n} = opts${n}?.net?.units ?? 1;`,
    `const opts${n}${any} = {};\nopts${n}.units ??= ${units};\nconst ${n} = opts${n}.units;`,
    `let ${n} = 0;\nouter: for (let i = 0; i < 5; i++) {\n  for (let j = 0; j < 5; j++) {\n    if (i * 5 + j === ${units}) break outer;\n    ${n}++;\n  }\n}`,
    `const opts${n} = {\n  base: ${units},\n  get units() {\n    return this.base;\n  },\n};\nconst ${n} = opts${n}.units;`,
    `class Sizes${n} {\n  static units = ${units};\n}\nconst ${n} = Sizes${n}.units;`,
    `let ${n} = ${units * 4};\ndo {\n  ${n} /= 2;\n} while (${n} > ${units});`,
    `const [${n} = 1, ...rest${n}] = [${units}, 2, 3];`,
    `const swap${n} = [1, ${units}];\n[swap${n}[0], swap${n}[1]] = [swap${n}[1], swap${n}[0]];\nconst ${n} = swap${n}[0];`,
    `function pick${n}(...sizes${ctx.typescript ? ': number[]' : ''}) {\n  return Math.max(...sizes);\n}\nconst ${n} = pick${n}(1, ${units}, 2);`,
    `const ${n} = [1, 2, ${units}, 1].find((v) => v === ${units})${ctx.typescript ? '!' : ''};`,
    `const ${n} = [${units - 1}, 1].reduce((a, b) => a + b, 0);`,
    `let ${n};\ntry {\n  throw new Error('no size');\n} catch {\n  ${n} = ${units};\n}`,
    ...(ctx.typescript
      ? [
          `enum Size${n} {\n  Small = 1,\n  Large = ${units},\n}\nconst ${n} = Size${n}.Large;`,
          `const ${n} = Sizes_${n}.units;`,
          `interface Net${n} {\n  readonly units: number;\n}\nconst net${n} = { units: ${units} } as const satisfies Net${n};\nconst ${n} = net${n}.units;`,
          `function same${n}<T>(v: T): T {\n  return v;\n}\nconst ${n} = same${n}<number>(${units});`,
          `abstract class Base${n} {\n  abstract units(): number;\n  twice() {\n    return this.units() * 2;\n  }\n}\nclass Own${n} extends Base${n} {\n  units() {\n    return ${units};\n  }\n}\nconst ${n} = new Own${n}().twice() / 2;`,
        ]
      : [
          `var ${n} = ${units};\nvar layer${n} = function () {\n  return ${n};\n};`,
          `function Net${n}() {\n  this.units = ${units};\n}\nNet${n}.prototype.size = function () {\n  return this.units;\n};\nvar ${n} = new Net${n}().size();`,
        ]),
  ];
  const way = random.pick(ways);
  if (way.includes(`Sizes_${n}`)) ctx.outside.push(`namespace Sizes_${n} {\n  export const units = ${units};\n}`);
  ctx.write(way);
  const model = ctx.name('model');
  // Whatever way the size came about, the next layer is built for it: reading it wrongly shows.
  const given = ctx.name('input');
  ctx.write(`const ${given} = tf.input({ shape: [${features}] });`);
  const y = ctx.name('y');
  const fault = ctx.faulty ? drawFault(random, [99]) : undefined;
  const extra =
    fault === undefined
      ? ''
      : `${ctx.layers}.${fault.type}({ ${Object.entries(fault.options)
          .map(([k, v]) => `${k}: ${JSON.stringify(v)}`)
          .join(', ')} })`;
  ctx.lazyFault ||= fault?.lazy === true;
  ctx.write(
    `const ${y} = ${ctx.symbolic(`${ctx.layers}.dense({ units: ${n}, activation: 'relu' }).apply(${given})`)};`,
  );
  const z = ctx.name('z');
  ctx.write(
    fault === undefined
      ? `const ${z} = ${ctx.symbolic(`${ctx.layers}.reshape({ targetShape: [1, ${n}] }).apply(${y})`)};`
      : `const ${z} = ${ctx.symbolic(`${extra}.apply(${y})`)};${flag}`,
  );
  ctx.write(`const ${model} = tf.model({ inputs: ${given}, outputs: ${z} });`);
  use(ctx, model, [features], [1, units]);
}

export const configIdioms: readonly Idiom[] = [
  { name: 'config: layers made from a table of types and options', weight: 5, write: table },
  { name: 'config: sizes from text, JSON, sets and objects', weight: 4, write: parsed },
  { name: 'language: closures, getters, labels, enums and more', weight: 5, write: language },
];

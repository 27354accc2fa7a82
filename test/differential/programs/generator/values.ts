/** The ways in which real code writes a number, an options object and a layer (weights: how often each was seen). */
import { type Context, flag } from './context';
import { isNested, type Step, type Value } from './steps';

interface NumberWay {
  readonly name: string;
  readonly weight: number;
  fits(n: number): boolean;
  write(ctx: Context, n: number): string;
}

const whole = (n: number): boolean => Number.isInteger(n) && n > 0;

const numberWays: readonly NumberWay[] = [
  { name: 'literal', weight: 636, fits: () => true, write: (_, n) => String(n) },
  {
    name: 'identifier',
    weight: 143,
    fits: () => true,
    write(ctx, n) {
      const name = ctx.random.chance(0.5) ? ctx.name('SIZE') : ctx.name('count');
      ctx.declare(`${ctx.random.pick(['const', 'const', 'let', 'var'])} ${name}${ctx.type('number')} = ${n};`);
      return name;
    },
  },
  {
    name: 'property of a config',
    weight: 45,
    fits: () => true,
    write(ctx, n) {
      const name = ctx.name('config');
      const other = ctx.random.int(1, 9);
      const ending = ctx.typescript && ctx.random.chance(0.4) ? ' as const' : '';
      const nested = ctx.random.chance(0.3);
      ctx.declare(
        `const ${name} = ${nested ? `{ model: { size: ${n} }, other: ${other} }` : `{ other: ${other}, size: ${n} }`}${ending};`,
      );
      const path = nested ? 'model.size' : 'size';
      if (ctx.random.chance(0.3)) {
        const own = ctx.name('size');
        ctx.declare(nested ? `const { model: { size: ${own} } } = ${name};` : `const { size: ${own} = 1 } = ${name};`);
        return own;
      }
      return ctx.random.chance(0.1) ? `${name}['${path.split('.')[0]}']${nested ? '.size' : ''}` : `${name}.${path}`;
    },
  },
  {
    name: 'arithmetic',
    weight: 21,
    fits: whole,
    write(ctx, n) {
      const a = ctx.random.int(1, n + 3);
      const base = ctx.name('base');
      switch (ctx.random.int(0, 5)) {
        case 0:
          return n % 2 === 0 ? `${n / 2} * 2` : `${n - 1} + 1`;
        case 1:
          ctx.declare(`const ${base} = ${a};`);
          return n - a < 0 ? `${base} - ${a - n}` : `${base} + ${n - a}`;
        case 2:
          ctx.declare(`const ${base} = ${n * 2};`);
          return `${base} / 2`;
        case 3:
          ctx.declare(`const ${base} = ${n * 2 + 1};`);
          return ctx.random.pick([
            `Math.floor(${base} / 2)`,
            `(${base} - 1) / 2`,
            `${base} >> 1`,
            `Math.trunc(${base} / 2)`,
          ]);
        case 4:
          return Number.isInteger(Math.log2(n)) ? `2 ** ${Math.log2(n)}` : `Math.max(1, ${n})`;
        default:
          ctx.declare(`let ${base} = ${n - 1};\n${base} += 1;`);
          return base;
      }
    },
  },
  {
    name: 'element of a list',
    weight: 12,
    fits: () => true,
    write(ctx, n) {
      const list = ctx.name('sizes');
      ctx.declare(`const ${list} = [${ctx.random.int(1, 9)}, ${n}];`);
      if (ctx.random.chance(0.3)) {
        const own = ctx.name('second');
        ctx.declare(`const [, ${own}] = ${list};`);
        return own;
      }
      return ctx.random.pick([`${list}[1]`, `${list}[${list}.length - 1]`, `${list}.at(-1)`, `${list}.slice(-1)[0]`]);
    },
  },
  {
    name: 'ternary',
    weight: 8,
    fits: () => true,
    write(ctx, n) {
      const name = ctx.name('deep');
      ctx.declare(`const ${name} = ${ctx.random.pick(['true', "'yes' !== 'no'", '3 > 2', '!false'])};`);
      return `${name} ? ${n} : ${ctx.random.int(1, 9)}`;
    },
  },
  {
    name: 'call',
    weight: 6,
    fits: whole,
    write(ctx, n) {
      const name = ctx.name('scaled');
      const forms = [
        `const ${name} = (n${ctx.type('number')}, by = 2) => n * by;`,
        `function ${name}(n${ctx.type('number')}, by = 2)${ctx.type('number')} {\n  return n * by;\n}`,
      ];
      ctx.declare(ctx.random.pick(forms));
      return n % 2 === 0 ? `${name}(${n / 2})` : `${name}(${n}, 1)`;
    },
  },
  {
    name: 'fallback',
    weight: 6,
    fits: () => true,
    write(ctx, n) {
      const name = ctx.name('settings');
      ctx.declare(`const ${name}${ctx.typescript ? ': { size?: number }' : ''} = {};`);
      return `${name}.size ?? ${n}`;
    },
  },
];

/** An expression that is this number; what it refers to is declared in front. */
export function number(ctx: Context, n: number): string {
  return ctx.random.weighted(numberWays.filter((way) => way.fits(n))).write(ctx, n);
}

/** An expression that is this value. */
export function value(ctx: Context, v: Value): string {
  if (typeof v === 'number') return number(ctx, v);
  if (typeof v === 'string') return `'${v}'`;
  if (typeof v !== 'object' || v === null) return String(v);
  if (isNested(v)) return `${ctx.layers}.${v.layer.type}(${object(ctx, v.layer.options)})`;
  const items = (v as readonly Value[]).map((item) => value(ctx, item));
  return `[${items.join(', ')}]`;
}

function entry(ctx: Context, key: string, v: Value): string {
  const text = value(ctx, v);
  return text === key ? key : `${key}: ${text}`;
}

/** An options object: mostly a literal, sometimes by way of a constant or a spread. */
export function object(ctx: Context, options: Readonly<Record<string, Value>>): string {
  const keys = Object.entries(options);
  const literal = (entries: readonly (readonly [string, Value])[]): string =>
    entries.length === 0 ? '{}' : `{ ${entries.map(([key, v]) => entry(ctx, key, v)).join(', ')} }`;
  if (keys.length === 0) return ctx.random.chance(0.7) ? '' : '{}';
  switch (ctx.random.int(0, 14)) {
    case 0: {
      const name = ctx.name('options');
      const text = literal(keys);
      ctx.declare(`const ${name} = ${text};`);
      return name;
    }
    case 1: {
      const name = ctx.name('common');
      const cut = ctx.random.int(1, keys.length);
      const text = literal(keys.slice(0, cut));
      ctx.declare(`const ${name} = ${text};`);
      const rest = keys.slice(cut).map(([key, v]) => entry(ctx, key, v));
      return `{ ${[`...${name}`, ...rest].join(', ')} }`;
    }
    case 2: {
      const [first, ...rest] = keys;
      if (first === undefined) return '{}';
      const name = ctx.name('defaults');
      ctx.declare(`const ${name} = { ${first[0]}: ${ctx.random.int(1, 3)} };`);
      const own = [first, ...rest].map(([key, v]) => entry(ctx, key, v));
      return ctx.random.chance(0.5)
        ? `{ ...${name}, ${own.join(', ')} }`
        : `Object.assign({}, ${name}, { ${own.join(', ')} })`;
    }
    case 3: {
      const [first, ...rest] = keys;
      if (first === undefined) return '{}';
      const head = `...(${ctx.random.pick(['true', '1 < 2'])} ? { ${entry(ctx, first[0], first[1])} } : {})`;
      return `{ ${[head, ...rest.map(([key, v]) => entry(ctx, key, v))].join(', ')} }`;
    }
    default:
      return literal(keys);
  }
}

/** Factories that read their options without looking whether there are any. */
const needOptions = new Set(['globalAveragePooling2d', 'globalMaxPooling2d']);

/** An expression that makes the layer; flagged where it is the planted mistake. */
export function layer(ctx: Context, step: Step, more: Readonly<Record<string, Value>> = {}): string {
  const options = { ...step.options, ...more };
  const mark = step.fault === true ? flag : '';
  ctx.lazyFault ||= step.lazy === true;
  ctx.trains ||= step.type === 'dense' || step.type === 'conv2d';
  if (needOptions.has(step.type) && Object.keys(options).length === 0) return `${ctx.layers}.${step.type}({})${mark}`;
  const keys = Object.keys(options);
  if (keys.length > 0 && !Object.values(options).some((v) => typeof v === 'object' && v !== null && isNested(v))) {
    if (ctx.random.chance(0.08)) {
      const factory = ctx.name(`make${step.type[0]?.toUpperCase()}${step.type.slice(1)}`);
      const call = `${ctx.layers}.${step.type}({ ${keys.join(', ')} })`;
      ctx.declare(
        ctx.random.chance(0.5)
          ? `const ${factory} = (${keys.join(', ')}) => ${call};`
          : `function ${factory}(${keys.join(', ')}) {\n  return ${call};\n}`,
      );
      return `${factory}(${keys.map((key) => value(ctx, options[key] as Value)).join(', ')})${mark}`;
    }
    if (ctx.random.chance(0.05)) {
      const factory = ctx.name(`${step.type}Of`);
      ctx.declare(
        `const ${factory} = ({ ${keys.join(', ')}, ...rest }${ctx.typescript ? ': any' : ''}) => ${ctx.layers}.${step.type}({ ...rest, ${keys.join(', ')} });`,
      );
      return `${factory}(${object(ctx, options)})${mark}`;
    }
  }
  return `${ctx.layers}.${step.type}(${object(ctx, options)})${mark}`;
}

/**
 * Random programs whose sizes depend on what runs when: callbacks of promises and timers, async functions that are awaited or
 * not, and state that all of them change and read.
 */
import { indent } from './context';
import { Random } from './random';

export interface AsyncProgram {
  readonly seed: number;
  readonly path: string;
  readonly text: string;
}

/** What the code at hand may do. */
interface Place {
  readonly isAsync: boolean;
  readonly depth: number;
  /** Names of promises in reach. */
  readonly promises: readonly string[];
  readonly inLoop: boolean;
}

/** Programs are written from a seed: equal seeds give equal programs. */
export function generateAsync(seed: number): AsyncProgram {
  return { seed, path: `/programs/async${seed}.js`, text: new Writer(new Random(seed)).program() };
}

const calls = (text: string, name: string): boolean => new RegExp(`(?<!function )\\b${name}\\(`).test(text);

class Writer {
  readonly #random: Random;
  /** Async functions that may be called from here on: each calls only those before it, so that all of them end. */
  readonly #functions: { readonly name: string; readonly isAsync: boolean }[] = [];
  /** Functions that may throw. */
  readonly #risks: { readonly name: string; readonly isAsync: boolean }[] = [];
  readonly #names = new Map<string, number>();
  #left = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  program(): string {
    const r = this.#random;
    const declarations = [
      "import * as tf from '@tensorflow/tfjs';",
      'let n = 1;',
      'let ready = false;',
      'const xs = [];',
      'const state = { size: 2, items: [1], model: undefined };',
      'let go;',
      'const gate = new Promise((resolve) => { go = resolve; });',
      'const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));',
      'const unknown = () => Math.random() >= 0;',
      'const never = () => Math.random() < 0;',
    ];
    const functions: string[] = [];
    for (let i = r.int(1, 3); i > 0; i -= 1) functions.push(this.#function());
    for (let i = r.int(0, 2); i > 0; i -= 1) functions.push(this.#failing());
    if (r.chance(0.4)) functions.push(this.#class());
    this.#left = r.int(3, 7);
    const top = this.#block({ isAsync: false, depth: 0, promises: ['gate'], inLoop: false }, r.int(3, 6));
    const main = r.chance(0.5)
      ? `async function main() {\n${indent(this.#body({ isAsync: true, depth: 0, promises: [], inLoop: false }))}\n}\nmain()${r.pick(['', '.then(() => { xs.push(3); })', '.catch(() => { n += 1; })', '.finally(() => { n += 2; })'])};`
      : '';
    const body = [...functions, top, main].filter((part) => part !== '');
    // What nobody calls the analyzer looks at all the same, and the run does not.
    const uncalled = this.#functions.filter(({ name }) => !body.some((part) => calls(part, name)));
    const calling = uncalled.map(({ name }) => `${name}(1);`);
    return `${[...declarations, ...body, 'go(4);', ...calling, this.#observe()].join('\n')}\n`;
  }

  #name(base: string): string {
    const count = (this.#names.get(base) ?? 0) + 1;
    this.#names.set(base, count);
    return `${base}${count}`;
  }

  #body(place: Place): string {
    this.#left = this.#random.int(3, 8);
    return this.#block(place, this.#random.int(2, 5));
  }

  #function(): string {
    const r = this.#random;
    const isAsync = r.chance(0.8);
    const name = this.#name(isAsync ? 'later' : 'now');
    const body = this.#body({ isAsync, depth: 0, promises: [], inLoop: false });
    this.#functions.push({ name, isAsync });
    const result = r.pick(['k', 'n', 'xs.length', `k + ${r.int(1, 3)}`, 'tf.ones([k])']);
    const given =
      isAsync && r.chance(0.2) ? `return Promise.resolve(k);` : `return ${result.startsWith('tf') ? 'k' : result};`;
    return `${isAsync ? 'async ' : ''}function ${name}(k) {\n${indent(body)}\n  ${given}\n}`;
  }

  /** What may throw, before or after it changes something: only code that handles errors calls it. */
  #failing(): string {
    const r = this.#random;
    const isAsync = r.chance(0.7);
    const name = this.#name(isAsync ? 'risky' : 'danger');
    const part = (): string => this.#block({ isAsync, depth: 2, promises: [], inLoop: false }, 1);
    this.#left = 4;
    const fails = `if (${r.pick(['unknown()', 'never()', 'n > 3'])}) throw new Error('r');`;
    const waits = isAsync && r.chance(0.7) ? [r.pick(['await null;', 'await sleep(1);', 'await tf.nextFrame();'])] : [];
    const lines = [this.#change(), ...waits, part(), fails, this.#change(), 'return k;'];
    this.#risks.push({ name, isAsync });
    return `${isAsync ? 'async ' : ''}function ${name}(k) {\n${indent(lines.join('\n'))}\n}`;
  }

  /** A call of what may throw, or of what is handled there. */
  #risk({ isAsync }: Place): string {
    const r = this.#random;
    const reach = this.#risks.filter((risk) => isAsync || !risk.isAsync);
    if (reach.length === 0) return this.#change();
    const { name, isAsync: waits } = r.pick(reach);
    const call = `${waits ? 'await ' : ''}${name}(${r.int(1, 3)})`;
    return r.pick([`${call};`, `n = ${call};`, `${call};\n  ${this.#change()}`]);
  }

  #class(): string {
    const r = this.#random;
    const name = this.#name('Trainer');
    const field = this.#name('trainer');
    const init = this.#body({ isAsync: true, depth: 1, promises: [], inLoop: false });
    const method = this.#name('use');
    this.#functions.push({ name: method, isAsync: true });
    return [
      `class ${name} {`,
      '  constructor() { this.units = 1; this.model = undefined; }',
      '  async init(units) {',
      indent(indent(init)),
      '    this.units = units;',
      '    this.model = tf.sequential({ layers: [tf.layers.dense({ units: this.units, inputShape: [3] })] });',
      '    return this;',
      '  }',
      '}',
      `const ${field} = new ${name}();`,
      `async function ${method}(k) {`,
      r.chance(0.5) ? `  await ${field}.init(k);` : `  ${field}.init(k);`,
      `  tf.zeros([${field}.units, 1]);`,
      `  return ${field}.units;`,
      '}',
    ].join('\n');
  }

  #block(place: Place, count: number): string {
    const lines: string[] = [];
    let promises = place.promises;
    for (let i = 0; i < count; i += 1) {
      const { text, promise } = this.#statement({ ...place, promises });
      lines.push(text);
      if (promise !== undefined) promises = [...promises, promise];
    }
    return lines.join('\n');
  }

  /** A size that depends on what ran before. */
  #size(): string {
    return this.#random.pick([
      'n',
      'xs.length + 1',
      'state.size',
      'state.items.length',
      'ready ? 3 : 2',
      'n + xs.length',
    ]);
  }

  #observe(): string {
    const r = this.#random;
    return r.chance(0.85)
      ? `tf.zeros([${this.#size()}, ${r.int(1, 3)}]);`
      : `tf.sequential({ layers: [tf.layers.dense({ units: ${this.#size()}, inputShape: [${this.#size()}] })] });`;
  }

  #change(): string {
    const r = this.#random;
    return r.pick([
      `n += ${r.int(1, 3)};`,
      `n = ${r.int(1, 5)};`,
      `xs.push(${r.int(1, 5)});`,
      'xs.pop();',
      `state.size = ${r.int(1, 6)};`,
      `state.items = [...state.items, ${r.int(1, 5)}];`,
      'ready = true;',
    ]);
  }

  /** Something that can be awaited. */
  #awaitable(place: Place): string {
    const r = this.#random;
    const k = r.int(1, 4);
    const options = [
      'null',
      `Promise.resolve(${k})`,
      `tf.zeros([${k}]).data()`,
      'tf.nextFrame()',
      `sleep(${r.int(1, 4)})`,
      `new Promise((resolve) => { resolve(${k}); })`,
      `new Promise((resolve) => setTimeout(() => { ${this.#change()} resolve(${k}); }, ${r.int(1, 3)}))`,
      `new Promise((resolve) => { queueMicrotask(() => resolve(${k})); })`,
      ...place.promises,
      ...this.#functions.map(({ name }) => `${name}(${k})`),
      ...this.#functions.map(({ name }) => `${name}(${k})`),
      ...this.#functions.map(({ name }) => `${name}(${k})`),
    ];
    if (this.#functions.length > 0 && r.chance(0.2)) {
      const list = [r, r].map(() => `${r.pick(this.#functions).name}(${r.int(1, 3)})`);
      return `Promise.${r.pick(['all', 'all', 'allSettled'])}([${list.join(', ')}])`;
    }
    if (this.#functions.length > 0 && r.chance(0.1))
      return `Promise.all([${k}, 2].map(async (k) => { ${this.#change()} await ${r.pick(['null', 'tf.nextFrame()', 'sleep(1)'])}; ${this.#change()} }))`;
    return r.pick(options);
  }

  #statement(place: Place): { readonly text: string; readonly promise?: string } {
    const r = this.#random;
    this.#left -= 1;
    const further = { ...place, depth: place.depth + 1 };
    const sync = { ...further, isAsync: false, inLoop: false };
    if (this.#left < 0 || place.depth > 2) return { text: r.pick([this.#observe(), this.#change()]) };
    const callback = (): string => `() => {\n${indent(this.#block(sync, r.int(1, 2)))}\n}`;
    const asyncCallback = (): string =>
      `async () => {\n${indent(this.#block({ ...sync, isAsync: true }, r.int(1, 3)))}\n}`;
    const anyCallback = (): string => (r.chance(0.6) ? callback() : asyncCallback());
    const rows: { weight: number; write: () => string | { text: string; promise: string } }[] = [
      { weight: 8, write: () => this.#observe() },
      { weight: 7, write: () => this.#change() },
      { weight: 3, write: () => `${this.#promise(place)}.then(${anyCallback()});` },
      { weight: 1, write: () => `${this.#promise(place)}.finally(${callback()});` },
      { weight: 1, write: () => `${this.#promise(place)}.then(${callback()}).then(${anyCallback()});` },
      { weight: 1, write: () => `Promise.reject(new Error('x')).catch(${callback()});` },
      { weight: 1, write: () => `queueMicrotask(${callback()});` },
      { weight: 1, write: () => `setTimeout(${callback()}, ${r.int(0, 3)});` },
      { weight: 1, write: () => `(${asyncCallback()})();` },
      { weight: 1, write: () => `go(${r.int(1, 4)});` },
      {
        weight: 2,
        write: () => {
          const name = this.#name('p');
          return { text: `const ${name} = ${this.#promise(place)};`, promise: name };
        },
      },
      {
        weight: 1,
        write: () => `if (${r.pick(['ready', 'n > 2', 'xs.length > 0'])}) {\n${indent(this.#block(further, 2))}\n}`,
      },
      {
        weight: 1,
        write: () =>
          `if (unknown()) {\n${indent(this.#block(further, 2))}\n}${r.chance(0.4) ? ` else {\n${indent(this.#block(further, 1))}\n}` : ''}`,
      },
      {
        weight: 1,
        write: () =>
          `for (let i = 0; i < ${r.int(1, 3)}; i += 1) {\n${indent(this.#block({ ...further, inLoop: true }, 2))}\n}`,
      },
      {
        weight: 1,
        write: () => `for (const k of [1, 2]) {\n  n += k;\n${indent(this.#block({ ...further, inLoop: true }, 1))}\n}`,
      },
      {
        weight: 1,
        write: () =>
          `try {\n${indent(this.#block(further, 1))}\n  ${r.chance(0.4) ? "throw new Error('x');" : this.#change()}\n} catch (e) {\n${indent(this.#block(further, 1))}\n}${r.chance(0.4) ? ` finally {\n  ${this.#change()}\n}` : ''}`,
      },
      {
        weight: this.#risks.length,
        write: () =>
          `try {\n${indent(this.#block(further, 1))}\n  ${this.#risk(place)}\n${indent(this.#block(further, 1))}\n} catch (e) {\n${indent(this.#block(further, 1))}\n}${r.chance(0.3) ? ` finally {\n  ${this.#change()}\n}` : ''}`,
      },
      {
        weight: 1,
        write: () =>
          `switch (${r.pick(['n', 'xs.length', '2'])}) {\n  case 1:\n${indent(indent(this.#block({ ...further, promises: place.promises }, 1)))}\n    break;\n  case 2:\n    ${this.#change()}\n  default:\n    ${this.#change()}\n}`,
      },
    ];
    if (place.inLoop)
      rows.push({ weight: 1, write: () => `if (n > ${r.int(2, 6)}) ${r.pick(['break', 'continue'])};` });
    if (place.isAsync) {
      rows.push(
        { weight: 10, write: () => `await ${this.#awaitable(place)};` },
        { weight: 2, write: () => `n += (await ${this.#number(place)}) + 1;` },
        { weight: 1, write: () => `xs.push(n, await ${this.#number(place)}, xs.length);` },
        { weight: 1, write: () => `state.size = (await ${this.#number(place)}) > 100 ? 3 : 4;` },
        {
          weight: 1,
          write: () =>
            `for await (const v of [${this.#promise(place)}, 2]) {\n${indent(this.#block({ ...further, inLoop: true }, 1))}\n}`,
        },
        { weight: 1, write: () => `if (unknown()) return 2;` },
      );
    } else for (const { name } of this.#functions) rows.push({ weight: 3, write: () => `${name}(${r.int(1, 4)});` });
    const written = r.weighted(rows).write();
    return typeof written === 'string' ? { text: written } : written;
  }

  #promise(place: Place): string {
    const r = this.#random;
    const made = this.#functions.filter(({ isAsync }) => isAsync).map(({ name }) => `${name}(${r.int(1, 3)})`);
    return r.pick([
      ...made,
      ...made,
      ...place.promises,
      `Promise.resolve(${r.int(1, 3)})`,
      `sleep(${r.int(1, 3)})`,
      'tf.nextFrame()',
    ]);
  }

  #number(place: Place): string {
    const r = this.#random;
    const made = this.#functions.map(({ name }) => `${name}(${r.int(1, 3)})`);
    return r.pick([
      ...made,
      ...made,
      ...(place.promises.includes('gate') ? ['gate'] : []),
      `Promise.resolve(${r.int(1, 3)})`,
    ]);
  }
}

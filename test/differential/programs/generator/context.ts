import type { Plan } from './idioms/idiom';
import type { Random } from './random';
import type { Dims } from './steps';

/** Stands at the planted mistake in the text while it is put together; taken out, its line is where the mistake is. */
export const flag = '⚑';

/** What an idiom writes with: choices, names that are still free, and the program so far. */
export class Context {
  readonly random: Random;
  readonly typescript: boolean;
  /** How the program names tf's layers: `tf.layers` or `layers`. */
  readonly layers: string;
  /** Whether this idiom is to plant the program's one mistake. */
  readonly faulty: boolean;
  /** Declarations that the idiom's code needs in front of it. */
  readonly top: string[] = [];
  readonly body: string[] = [];
  /** What may stand only at the top level of a module. */
  readonly outside: string[] = [];
  /** The planted mistake shows only when data go through the model: the program must do that. */
  lazyFault = false;
  /** Gives the chain of layers to write, where others than random ones are wanted. */
  chain: (() => Plan) | undefined;
  /** Writes what is done with a model, where something else than usual is wanted. */
  follow: ((model: string, input: Dims, out: Dims) => void) | undefined;
  /** Whether some layer written so far has weights that train. */
  trains = false;
  readonly #names: Set<string>;

  constructor(parts: { random: Random; typescript: boolean; layers: string; faulty: boolean; names: Set<string> }) {
    this.random = parts.random;
    this.typescript = parts.typescript;
    this.layers = parts.layers;
    this.faulty = parts.faulty;
    this.#names = parts.names;
  }

  /** A name that nothing in the program has yet: `model`, `model2`, … */
  name(base: string): string {
    let name = base;
    for (let i = 2; this.#names.has(name); i += 1) name = `${base}${i}`;
    this.#names.add(name);
    return name;
  }

  declare(text: string): void {
    this.top.push(text);
  }

  write(text: string): void {
    this.body.push(text);
  }

  /** `: type`, in TypeScript and most of the time. */
  type(text: string): string {
    return this.typescript && this.random.chance(0.8) ? `: ${text}` : '';
  }

  /** An applied layer, as TypeScript wants it. */
  symbolic(expression: string): string {
    return this.typescript && this.random.chance(0.8) ? `${expression} as tf.SymbolicTensor` : expression;
  }
}

/** Every line of the text, two spaces further in. */
export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
}

/** What is not known, or is one of several. */
import type { Poly } from '../../shapes/dim';
import type { Place, ReasonFact } from '../../trace/facts';
import type { Value } from './values';

/** The place of what stands nowhere in the program. */
export const NOWHERE: Place = { file: '', start: 0, end: 0 };

/** A value that the interpreter lost, with the reason. Where it may be a number, it is one by name (`symbol`). */
export class UnknownValue {
  readonly kind = 'unknown';
  readonly reason: ReasonFact;
  /** Objects and lists one of which it may be, where that is known: what is set on it is set on one of them. */
  among: ReadonlySet<Value> | undefined;
  /** The name under which it was met: `config.units`. */
  readonly name: string | undefined;
  #symbol: Poly | undefined;
  #members: Map<string, UnknownValue> | undefined;
  readonly #symbolOf: ((name: string) => Poly) | undefined;

  constructor(reason: ReasonFact, name?: string, symbolOf?: (name: string) => Poly) {
    this.reason = reason;
    this.name = name;
    this.#symbolOf = symbolOf;
  }

  /** The number it stands for, if it is one: the same symbol each time. */
  get symbol(): Poly | undefined {
    if (this.#symbol === undefined && this.name !== undefined) this.#symbol = this.#symbolOf?.(this.name);
    return this.#symbol;
  }

  /** A member of the unknown: the same unknown each time, so that equal stays equal. */
  member(name: string): UnknownValue {
    this.#members ??= new Map();
    let member = this.#members.get(name);
    if (member === undefined) {
      const label = this.name === undefined ? undefined : this.name === 'this' ? name : this.name + accessOf(name);
      // A size of a shape, of whatever: a number.
      const isSize = /^\d+$/.test(name) && this.name?.endsWith('.shape') === true;
      member = isSize
        ? new UnknownNumber(this.reason, label, this.#symbolOf)
        : new UnknownValue(this.reason, label, this.#symbolOf);
      this.#members.set(name, member);
    }
    return member;
  }
}

/** As the program would write it: `.units`, `[0]`, `[]` for any element. */
const accessOf = (name: string): string => (/^\d+$/.test(name) ? `[${name}]` : /^\[/.test(name) ? name : `.${name}`);

/**
 * A number that is not known: no list, no tensor. What code does with it is a number again, or a truth. Without a name it may
 * be any number; with one it is taken for a size, as other unknowns are.
 */
export class UnknownNumber extends UnknownValue {
  /** What is left of an unknown once it is made a number: the same size, where it has a name. */
  static of(value: UnknownValue): UnknownNumber {
    const { symbol } = value;
    return symbol === undefined
      ? new UnknownNumber(value.reason)
      : new UnknownNumber(value.reason, value.name, () => symbol);
  }
}

/** One of a few alternatives. Never nested, never a single one. */
export class UnionValue {
  readonly kind = 'union';
  readonly options: readonly Value[];
  constructor(options: readonly Value[]) {
    this.options = options;
  }
}

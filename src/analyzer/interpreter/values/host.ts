/** What libraries bring: objects whose members they decide themselves. */
import type { Place, ReasonFact } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import type { Steps } from './elements';
import type { Call } from './functions';
import type { UnknownValue } from './unknown';
import type { Value } from './values';

/** An operator of the language on values, or a function of `Math`. */
export interface Operation {
  /** `*`, `===`, `-`, `Math.sqrt` */
  readonly operator: string;
  readonly operands: readonly Value[];
  /** Where the operands stand, as far as that is known. */
  readonly operandsAt: readonly (Place | undefined)[];
  /** The whole expression. */
  readonly at: Place;
  /** `x += y`: the result is assigned to the first operand. */
  readonly assigned: boolean;
}

/** Answer of `HostObject.get` where the object has no such member. */
export const MISSING = Symbol('missing');

/** An object of a library or of the language itself whose behaviour a table gives: a tensor, a layer, a Map. */
export abstract class HostObject {
  readonly kind = 'host';
  /** For messages: `tensor`, `layer`, `Map`. */
  abstract readonly type: string;
  /** `typeof` says so. */
  readonly isFunction: boolean = false;
  abstract get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING;
  /** Assignment to a member: whether it is more than a value that is kept under the name. */
  set(_name: string, _value: Value, _interpreter: Interpreter, _at: Place): boolean {
    return false;
  }
  /** What is done to it is not followed: all that it holds is forgotten. */
  forget(_interpreter: Interpreter, _lost: UnknownValue): void {}
  /** `delete object.name` */
  deleted(_name: string, _interpreter: Interpreter, _at: Place): Value {
    return true;
  }
  /** `name in object`; undefined where that is not known. */
  has(_name: string, _interpreter: Interpreter): boolean | undefined {
    return undefined;
  }
  /** The elements, for iteration; undefined where it cannot be iterated; null where they are not known. */
  iterate(): readonly Value[] | null | undefined {
    return undefined;
  }
  /** Whether what is spread of it may have the names of what was there before. */
  readonly overrides: boolean = false;
  /** Its properties, where what lists them is followed. */
  ownEntries?(interpreter: Interpreter, at: Place): readonly (readonly [string, Value])[] | undefined;
  /** Called as a function; undefined where it is none. */
  call(_call: Call): Value | undefined {
    return undefined;
  }
  /** Iteration that follows what changes meanwhile; undefined where `iterate` tells. */
  steps(_interpreter: Interpreter, _at: Place): Steps | undefined {
    return undefined;
  }
  /** A type alone tells of it, since the value was lost for a reason. */
  lostFor(_reason: ReasonFact): void {}
  /** It was bound to a name for the first time. */
  named(_name: string): void {}
  /** It is the value of a call whose result nobody takes. */
  discarded(_interpreter: Interpreter, _at: Place): void {}
  /** An operator of the language, or a function of `Math`, met it. */
  operated(_use: Operation, _interpreter: Interpreter): void {}
  /** One object that stands for both, where nothing that follows can tell them apart; undefined where they are kept apart. */
  merged(_other: HostObject): HostObject | undefined {
    return undefined;
  }
  /** What holds of both, where two hosts of one type meet at a join and there are too many alternatives to keep. */
  joined(_other: HostObject, _reason?: ReasonFact): HostObject | undefined {
    return undefined;
  }
  /** Whether all that holds of this one holds of the other, too. */
  covers(other: HostObject): boolean {
    return this === other;
  }
}

/** A symbol: a key that no text is. */
export class SymbolValue extends HostObject {
  readonly type = 'symbol';
  readonly key: string;
  readonly description: string | undefined;

  constructor(key: string, description: string | undefined) {
    super();
    this.key = `@@${key}`;
    this.description = description;
  }

  get(name: string): Value | typeof MISSING {
    if (name === 'description') return this.description;
    return MISSING;
  }
}

/** The keys of the symbols that the language itself looks for. */
export const ITERATOR = '@@iterator';

export const TO_PRIMITIVE = '@@toPrimitive';

export const HAS_INSTANCE = '@@hasInstance';

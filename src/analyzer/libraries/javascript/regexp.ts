import type { Mutable } from '../../interpreter/effects/journal';
import type { Interpreter } from '../../interpreter/interpreter';
import { patch } from '../../interpreter/values/patches';
import {
  ArrayValue,
  type Call,
  HostObject,
  isCallable,
  isStructured,
  MISSING,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  UnknownNumber,
  type Value,
} from '../../interpreter/values/values';
import { IteratorValue } from './iterators';

/** Text that expressions are run on at most. */
const MAX_TEXT = 256;
const MAX_QUANTIFIERS = 3;

/** A regular expression that is written out. It runs on known text, where it is sure to end soon. */
export class RegExpValue extends HostObject implements Mutable {
  readonly type = 'RegExp';
  readonly pattern: string;
  readonly flags: string;

  /** Where the next match begins, with the flags g and y; undefined where that is not known. */
  #lastIndex: number | undefined = 0;

  constructor(pattern: string, flags: string) {
    super();
    this.pattern = pattern;
    this.flags = flags;
  }

  /** The expression, anew for each use; undefined where it may take long on this text or is none. */
  on(text: string): RegExp | undefined {
    if (text.length > MAX_TEXT || !endsSoon(this.pattern)) return undefined;
    try {
      return new RegExp(this.pattern, this.flags);
    } catch {
      return undefined;
    }
  }

  snapshot(): { readonly lastIndex: number | undefined } {
    return { lastIndex: this.#lastIndex };
  }

  restore({ lastIndex }: { readonly lastIndex: number | undefined }): void {
    this.#lastIndex = lastIndex;
  }

  merge(
    a: { readonly lastIndex: number | undefined },
    b: { readonly lastIndex: number | undefined },
  ): { readonly lastIndex: number | undefined } {
    return a.lastIndex === b.lastIndex ? a : { lastIndex: undefined };
  }

  get(name: string): Value | typeof MISSING {
    if (name === 'source') return this.pattern;
    if (name === 'flags') return this.flags;
    if (name === 'global') return this.flags.includes('g');
    if (name === 'lastIndex')
      return (
        this.#lastIndex ?? new UnknownNumber({ code: 'runtime-data', at: NOWHERE, text: 'where the next match begins' })
      );
    if (name !== 'test' && name !== 'exec') return MISSING;
    return new NativeFunction(name, (call) => this.#match(name, call));
  }

  override set(name: string, value: Value, interpreter: Interpreter): boolean {
    if (name !== 'lastIndex') return false;
    interpreter.touch(this);
    this.#lastIndex = typeof value === 'number' ? value : undefined;
    return true;
  }

  /** With the flags g and y a call goes on where the one before ended. */
  #match(name: 'test' | 'exec', { interpreter, args: [text], at }: Call): Value {
    const goesOn = /[gy]/.test(this.flags);
    const regexp = typeof text === 'string' && this.#lastIndex !== undefined ? this.on(text) : undefined;
    if (goesOn) interpreter.touch(this);
    if (regexp === undefined || typeof text !== 'string') {
      if (goesOn) this.#lastIndex = undefined;
      return (
        interpreter.because(text) ??
        interpreter.unknown('unsupported', at, 'whether the expression matches is not known')
      );
    }
    if (goesOn) regexp.lastIndex = this.#lastIndex ?? 0;
    const match = regexp.exec(text);
    if (goesOn) this.#lastIndex = regexp.lastIndex;
    return name === 'test' ? match !== null : matched(interpreter, match);
  }
}

/** No repetition of a group, which may take time that grows with the power of the text's length, and few repetitions. */
function endsSoon(pattern: string): boolean {
  const plain = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return !/\)[*+{]/.test(plain) && (plain.match(/[*+]|\{\d+,\}/g) ?? []).length <= MAX_QUANTIFIERS;
}

/** A match as the list that it is, with its groups and where it was found. */
function matched(interpreter: Interpreter, match: RegExpExecArray | RegExpMatchArray | null): Value {
  if (match === null) return null;
  const list = new ArrayValue([...match]);
  if (match.index === undefined) return list;
  patch(interpreter, list, 'index', { value: match.index });
  patch(interpreter, list, 'input', { value: match.input });
  const groups = match.groups === undefined ? undefined : ObjectValue.of({ ...match.groups });
  if (groups !== undefined) groups.proto = null;
  patch(interpreter, list, 'groups', { value: groups });
  return list;
}

/** The methods of text that take an expression; undefined where the call is no such, or its result is not known. */
export function runRegExp(text: string, name: string, call: Call): Value | undefined {
  const {
    interpreter,
    args: [first, second],
  } = call;
  if (name === 'replace' || name === 'replaceAll') return replaced(text, name, call);
  const regexp = first instanceof RegExpValue ? first.on(text) : undefined;
  if (regexp === undefined) return undefined;
  switch (name) {
    case 'split':
      return second === undefined ? new ArrayValue(text.split(regexp)) : undefined;
    case 'match':
      return matched(interpreter, text.match(regexp));
    case 'matchAll': {
      if (!regexp.global) return undefined;
      const all = [...text.matchAll(regexp)].map((match) => matched(interpreter, match));
      return new IteratorValue((i) => ({ go: i < all.length, element: all[i] }));
    }
    case 'search':
      return text.search(regexp);
    default:
      return undefined;
  }
}

/** Thrown where what a callback of `replace` gives is not known. */
class Undecided {}

function replaced(
  text: string,
  name: 'replace' | 'replaceAll',
  { interpreter, args: [of, by], at }: Call,
): Value | undefined {
  const pattern = of instanceof RegExpValue ? of.on(text) : typeof of === 'string' ? of : undefined;
  if (pattern === undefined || (name === 'replaceAll' && pattern instanceof RegExp && !pattern.global))
    return undefined;
  if (typeof by === 'string') return text[name](pattern, by);
  if (!isCallable(by)) return undefined;
  try {
    return text[name](pattern, (...given: unknown[]) => {
      const groups = given.at(-1);
      const values = given.map(
        (one): Value =>
          typeof one === 'object' && one !== null && one === groups
            ? ObjectValue.of(one as Record<string, string>)
            : (one as Value),
      );
      const result = interpreter.call(by, values, at);
      if (isStructured(result)) throw new Undecided();
      return String(result);
    });
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    interpreter.visitCallbacks([by], at);
    return interpreter.unknown('unsupported', at, 'the text that replaces is not known');
  }
}

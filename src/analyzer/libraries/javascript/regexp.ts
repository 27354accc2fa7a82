import { ArrayValue, type Call, HostObject, MISSING, NativeFunction, type Value } from '../../interpreter/values';

/** Text that expressions are run on at most. */
const MAX_TEXT = 256;
const MAX_QUANTIFIERS = 3;

/** A regular expression that is written out. It runs on known text, where it is sure to end soon. */
export class RegExpValue extends HostObject {
  readonly type = 'RegExp';
  readonly pattern: string;
  readonly flags: string;

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

  get(name: string): Value | typeof MISSING {
    if (name === 'source') return this.pattern;
    if (name === 'flags') return this.flags;
    if (name !== 'test' && name !== 'exec') return MISSING;
    return new NativeFunction(name, (call) => this.#match(name, call));
  }

  /** With the flags g and y a call goes on where the one before ended: that is not followed. */
  #match(name: 'test' | 'exec', { interpreter, args: [text], at }: Call): Value {
    const regexp = typeof text === 'string' && !/[gy]/.test(this.flags) ? this.on(text) : undefined;
    if (regexp === undefined || typeof text !== 'string')
      return (
        interpreter.because(text) ??
        interpreter.unknown('unsupported', at, 'whether the expression matches is not known')
      );
    return name === 'test' ? regexp.test(text) : matched(regexp.exec(text));
  }
}

/** No repetition of a group, which may take time that grows with the power of the text's length, and few repetitions. */
function endsSoon(pattern: string): boolean {
  const plain = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return !/\)[*+{]/.test(plain) && (plain.match(/[*+]|\{\d+,\}/g) ?? []).length <= MAX_QUANTIFIERS;
}

/** A match as the list that it is. */
function matched(match: RegExpExecArray | RegExpMatchArray | null): Value {
  return match === null ? null : new ArrayValue([...match]);
}

/** The methods of text that take an expression; undefined where the call is no such, or its result is not known. */
export function runRegExp(text: string, name: string, args: readonly Value[]): Value | undefined {
  const [first, second] = args;
  const regexp = first instanceof RegExpValue ? first.on(text) : undefined;
  if (regexp === undefined) return undefined;
  switch (name) {
    case 'split':
      return second === undefined ? new ArrayValue(text.split(regexp)) : undefined;
    case 'match':
      return matched(text.match(regexp));
    case 'matchAll':
      return regexp.global ? new ArrayValue([...text.matchAll(regexp)].map(matched)) : undefined;
    case 'search':
      return text.search(regexp);
    case 'replace':
    case 'replaceAll':
      if (typeof second !== 'string' || (name === 'replaceAll' && !regexp.global)) return undefined;
      return text.replace(regexp, second);
    default:
      return undefined;
  }
}

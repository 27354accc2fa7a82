import { textOf } from '../../interpreter/values/primitives';
import {
  ArrayValue,
  type Call,
  ITERATOR,
  isStructured,
  isUnknown,
  NativeFunction,
  type Value,
} from '../../interpreter/values/values';
import { IteratorValue } from './iterators';
import { runRegExp } from './regexp';

const METHODS = new Set([
  'at',
  'charAt',
  'charCodeAt',
  'codePointAt',
  'concat',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'match',
  'matchAll',
  'padEnd',
  'padStart',
  'repeat',
  'replace',
  'replaceAll',
  'search',
  'slice',
  'split',
  'startsWith',
  'substring',
  'substr',
  'toLowerCase',
  'toUpperCase',
  'toString',
  'trim',
  'trimEnd',
  'trimStart',
  'normalize',
  'localeCompare',
  'valueOf',
]);

/** Text longer than this is not made. */
const MAX_TEXT = 1_000_000;

/** `text.name`: methods run as they are where their arguments are known. */
export function stringMember(text: string, name: string): Value {
  if (name === 'length') return text.length;
  if (name === ITERATOR)
    return new NativeFunction(name, () => {
      const letters = [...text];
      return new IteratorValue((i) => ({ go: i < letters.length, element: letters[i] }));
    });
  if (/^(?:0|[1-9]\d*)$/.test(name)) return text[Number(name)];
  return METHODS.has(name) ? new NativeFunction(name, (call) => run(text, name, call)) : undefined;
}

function run(text: string, name: string, call: Call): Value {
  const { interpreter, args, at } = call;
  const matched = runRegExp(text, name, call);
  if (matched !== undefined) return matched;
  if (name === 'concat' && !args.some(isUnknown)) {
    const parts = args.map((arg) => textOf(interpreter, arg, at));
    if (parts.every((part) => part !== undefined)) return text.concat(...parts);
  }
  interpreter.visitCallbacks(args, at);
  const lost = args.map((a) => interpreter.because(a)).find((u) => u !== undefined);
  if (lost !== undefined || args.some(isStructured))
    return lost ?? interpreter.unknown('unsupported', at, `text by ${name} is not known`);
  if (name === 'repeat' && Number(args[0]) * text.length > MAX_TEXT)
    return interpreter.unknown('budget', at, 'the text is too long');
  try {
    const method = (text as unknown as Record<string, (...a: unknown[]) => unknown>)[name];
    const result = method?.apply(text, [...args]);
    if (Array.isArray(result)) return new ArrayValue(result as string[]);
    return typeof result === 'object' && result !== null
      ? interpreter.unknown('unsupported', at, `what ${name} gives is not followed`)
      : (result as Value);
  } catch {
    return interpreter.unknown('error', at, `${name} throws on these arguments`);
  }
}

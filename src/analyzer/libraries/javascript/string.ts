import { ArrayValue, type Call, isStructured, NativeFunction, type Value } from '../../interpreter/values';
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
]);

/** Text longer than this is not made. */
const MAX_TEXT = 1_000_000;

/** `text.name`: methods run as they are where their arguments are known. */
export function stringMember(text: string, name: string): Value {
  if (name === 'length') return text.length;
  if (/^\d+$/.test(name)) return text[Number(name)];
  return METHODS.has(name) ? new NativeFunction(name, (call) => run(text, name, call)) : undefined;
}

function run(text: string, name: string, { interpreter, args, at }: Call): Value {
  const matched = runRegExp(text, name, args);
  if (matched !== undefined) return matched;
  const lost = args.map((a) => interpreter.because(a)).find((u) => u !== undefined);
  if (lost !== undefined || args.some(isStructured))
    return lost ?? interpreter.unknown('unsupported', at, `text by ${name} is not known`);
  if (name === 'repeat' && Number(args[0]) * text.length > MAX_TEXT)
    return interpreter.unknown('budget', at, 'the text is too long');
  try {
    const method = (text as unknown as Record<string, (...a: unknown[]) => unknown>)[name];
    const result = method?.apply(text, [...args]);
    return Array.isArray(result) ? new ArrayValue(result as string[]) : (result as Value);
  } catch {
    return interpreter.unknown('error', at, `${name} throws on these arguments`);
  }
}

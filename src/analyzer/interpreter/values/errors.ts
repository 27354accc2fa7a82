/** The errors of the language: what they inherit from, and those that evaluation itself makes. */
import type { Interpreter } from '../interpreter';
import { NOWHERE, ObjectValue, UnknownValue, type Value } from './values';

const BASE = new ObjectValue(new Map([['name', { value: 'Error', hidden: true } as const]])).asShared();

function derived(name: string): ObjectValue {
  const prototype = new ObjectValue(new Map([['name', { value: name, hidden: true } as const]])).asShared();
  prototype.proto = BASE;
  return prototype;
}

const DERIVED = ['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError'] as const;

export type ErrorName = 'Error' | (typeof DERIVED)[number];

/** What errors inherit from, by the name of their constructor. */
export const ERROR_PROTOTYPES: ReadonlyMap<string, ObjectValue> = new Map([
  ['Error', BASE],
  ...DERIVED.map((name) => [name, derived(name)] as const),
]);

/** An error with this message. */
export function makeError(name: ErrorName, message: Value): ObjectValue {
  const error = new ObjectValue(new Map([['stack', { value: STACK, hidden: true }]]));
  error.proto = ERROR_PROTOTYPES.get(name);
  if (message !== undefined) error.properties.set('message', { value: message, hidden: true });
  else error.properties.set('message', { value: '', hidden: true });
  return error;
}

const STACK = new UnknownValue({ code: 'runtime-data', at: NOWHERE, text: 'the stack of an error' });
const MESSAGE = new UnknownValue({
  code: 'runtime-data',
  at: NOWHERE,
  text: 'the message of an error of the language',
});

/** An error that the language itself throws. */
export function errorOf(_interpreter: Interpreter, name: ErrorName): Value {
  return makeError(name, MESSAGE);
}

import type { TypeNode } from '../program/nodes';
import type { Dim, Poly } from '../shapes/dim';
import type { Place } from '../trace/facts';
import type { Interpreter } from './interpreter';
import type { ArrayValue, Callable, NativeFunction, PromiseValue, Value } from './values/values';

/** The members of the language's own values, by name; undefined where there is none. */
export interface LanguageMembers {
  string(text: string, name: string): Value;
  number(number: number | Poly, name: string): Value;
  list(list: ArrayValue, name: string): Value;
  function(fn: Callable, name: string): Value;
  promise(promise: PromiseValue, name: string): Value;
}

/** Names that programs give to a library by custom. */
export interface Customary {
  isName(name: string): boolean;
  /** The library, if the text of a file uses the name so. */
  meant(name: string, text: string): Value | undefined;
}

/** What the interpreter asks of the libraries that it knows, the language's own among them. */
export interface Library {
  /** The namespace of a module by its specifier: `@tensorflow/tfjs`. */
  module(specifier: string): Value | undefined;
  /** A global by name: `tf` of a script tag, `Math`. */
  global(name: string): Value | undefined;
  /**
   * What code out of view gives under a name that is the library's by custom, where the text of a file uses it so: a parameter
   * `tf`, `window.tf`, what `await loadTf()` gives.
   */
  readonly customary?: Customary;
  readonly members: LanguageMembers;
  /** `/pattern/flags` */
  regExp?(pattern: string, flags: string): Value;
  /** A value of which only its type is known: `tf.Tensor4D`. */
  ofType(
    type: TypeNode & { kind: 'name' },
    name: string | undefined,
    interpreter: Interpreter,
    at: Place,
  ): Value | undefined;
  /** A value with what its declared type adds to it: a tensor of unknown rank has the type's. Undefined: nothing. */
  narrow?(
    value: Value,
    type: TypeNode & { kind: 'name' },
    name: string | undefined,
    interpreter: Interpreter,
    at: Place,
  ): Value | undefined;
  /** A value of which the author says the shape; undefined where it has none. Contradictions are recorded. */
  ofShape?(value: Value, dims: readonly Dim[], interpreter: Interpreter, at: Place): Value | undefined;
  /** The native base class behind `instanceof`, for natives only. */
  isInstance?(value: Value, of: NativeFunction): boolean | undefined;
}

import type { TypeNode } from '../program/nodes';
import type { Place } from '../trace/facts';
import type { Interpreter } from './interpreter';
import type { NativeFunction, Value } from './values';

/** What the interpreter asks of the libraries that it knows. */
export interface Library {
  /** The namespace of a module by its specifier: `@tensorflow/tfjs`. */
  module(specifier: string): Value | undefined;
  /** A global by name: `tf` of a script tag, `Math`. */
  global(name: string): Value | undefined;
  /** A member that the library adds to what it knows of: `x.tf`. */
  member?(name: string): Value | undefined;
  /** A value of which only its type is known: `tf.Tensor4D`. */
  ofType(
    type: TypeNode & { kind: 'name' },
    name: string | undefined,
    interpreter: Interpreter,
    at: Place,
  ): Value | undefined;
  /** The native base class behind `instanceof`, for natives only. */
  isInstance?(value: Value, of: NativeFunction): boolean | undefined;
}

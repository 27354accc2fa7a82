/** Unknowns of expressions that evaluation does not follow. */
import type { Expression } from '../../program/nodes';
import { symbol } from '../../shapes/dim';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { UnknownValue } from '../values/values';

export function lost(interpreter: Interpreter, node: Expression, scope: Scope, text: string): UnknownValue {
  return interpreter.unknown('unsupported', interpreter.place(node, scope.frame), text);
}

export function unknownHere(interpreter: Interpreter, node: Expression, scope: Scope, text: string): UnknownValue {
  return new UnknownValue(
    interpreter.reason('unsupported', interpreter.place(node, scope.frame), text),
    undefined,
    symbol,
  );
}

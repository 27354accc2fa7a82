import type { Expression, Pattern } from '../program/nodes';
import type { Interpreter } from './interpreter';
import type { Scope } from './scope';
import type { Value } from './values/values';

/** Looks on while a program is evaluated. A run without one pays one comparison an expression. */
export interface Observer {
  /** An expression was evaluated. */
  evaluated(interpreter: Interpreter, node: Expression, scope: Scope, value: Value): void;
  /** A name was declared or assigned. */
  bound(
    interpreter: Interpreter,
    pattern: Extract<Pattern, { kind: 'identifierPattern' }>,
    scope: Scope,
    value: Value,
  ): void;
}

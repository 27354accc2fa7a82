import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import {
  ArrayValue,
  HostObject,
  isStructured,
  type Operation,
  optionsOf,
  UnionValue,
  UnknownNumber,
  type Value,
} from '../values/values';

const EQUALITY: ReadonlySet<string> = new Set(['==', '===', '!=', '!==']);
/** What gives a number whatever it is given, if only NaN. */
const NUMERIC: ReadonlySet<string> = new Set(['-', '*', '/', '%', '**', '&', '|', '^', '<<', '>>', '>>>', '~']);

/**
 * Tells an object of a library that an operator of the language met it: for lists, the object whose shape they are.
 * @returns the number that the operator gives then, where it gives one; undefined otherwise
 */
export function tellOperands(
  interpreter: Interpreter,
  operator: string,
  operands: readonly Value[],
  at: Place,
  operandsAt: Operation['operandsAt'] = [],
  assigned = false,
): UnknownNumber | undefined {
  const host = operands.map((value) => hostOf(value, operator)).find((one) => one !== undefined);
  if (host === undefined) return undefined;
  host.operated({ operator, operands, operandsAt, at, assigned }, interpreter);
  if (!NUMERIC.has(operator)) return undefined;
  return new UnknownNumber(interpreter.reason('unsupported', at, `${operator} on a ${host.type}`));
}

/** Whether `tellOperands` has anything to tell: asked at every operator, so it costs little. */
export const isHosted = (value: Value): boolean =>
  isStructured(value) &&
  (value instanceof HostObject ||
    (value instanceof ArrayValue && value.shapeOf !== undefined) ||
    (value instanceof UnionValue && value.options.every((option) => option instanceof HostObject)));

function hostOf(value: Value, operator: string): HostObject | undefined {
  if (value instanceof ArrayValue) return EQUALITY.has(operator) ? value.shapeOf : undefined;
  const hosts = optionsOf(value);
  return hosts.every((option) => option instanceof HostObject) ? hosts[0] : undefined;
}

/** Where operands stand, for those who are told of them. */
export function placesOf(
  interpreter: Interpreter,
  nodes: readonly { readonly start: number; readonly end: number }[],
  scope: Scope,
  ...values: readonly Value[]
): Place[] | undefined {
  return values.some(isHosted) ? nodes.map((node) => interpreter.place(node, scope.frame)) : undefined;
}

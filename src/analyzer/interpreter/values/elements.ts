import type { Place } from '../../trace/facts';
import { LIMITS } from '../budget';
import { mayThrow, unknownError } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import { ofOneKind } from '../syntax/members';
import { stepsOfIterator } from '../waiting/generators';
import { joinValues } from './join';
import { findProperty, presentValue } from './properties';
import {
  ArrayValue,
  HostObject,
  ITERATOR,
  isUnknown,
  ObjectValue,
  type Property,
  UnionValue,
  type Value,
} from './values';

/** What iteration over a value gives: elements in order, and what further ones are like where their number is not known. */
export interface Elements {
  readonly elements: readonly Value[];
  readonly rest: Value | undefined;
}

/** Iteration under way: `go` false at its end, undefined where nobody knows whether there is another element. */
export interface Steps {
  next(): { readonly go: boolean | undefined; readonly element: Value };
  /** Nothing more is asked for; `early`: though there may be more. */
  readonly close?: (early: boolean) => void;
}

/** Iteration that runs code of the program, or that follows what changes meanwhile; undefined for all other values. */
export function iterationOf(interpreter: Interpreter, value: Value, at: Place): Steps | undefined {
  if (value instanceof HostObject) return value.steps(interpreter, at);
  if (!(value instanceof ObjectValue) || findProperty(value, ITERATOR) === undefined) return undefined;
  const iterator = interpreter.call(interpreter.get(value, ITERATOR, at), [], at, value);
  if (iterator instanceof ArrayValue) return stepsOfList(iterator);
  return (
    stepsOfIterator(interpreter, iterator, at) ?? {
      next: () => ({
        go: undefined,
        element: interpreter.because(iterator) ?? interpreter.unknown('unsupported', at, 'the iterator is not known'),
      }),
    }
  );
}

/** The elements of a list as they are when they are asked for. */
export function stepsOfList(list: ArrayValue): Steps {
  let next = 0;
  return {
    next: () => {
      const i = next;
      next += 1;
      const known = i < list.elements.length;
      return {
        go: known ? true : list.rest === undefined ? false : undefined,
        element: known ? list.elements[i] : list.rest,
      };
    },
  };
}

/** The first elements that iteration gives, or all of them up to a bound. */
export function takeSteps(steps: Steps, count: number = LIMITS.yields): Elements {
  const elements: Value[] = [];
  for (let i = 0; i < count; i += 1) {
    const { go, element } = steps.next();
    if (go === false) {
      steps.close?.(false);
      return { elements, rest: undefined };
    }
    if (go === undefined) return { elements, rest: element };
    elements.push(element);
  }
  if (count < LIMITS.yields) {
    steps.close?.(true);
    return { elements, rest: undefined };
  }
  return { elements: [], rest: elements.reduce(joinValues) };
}

/** The elements of anything iterable. A value that cannot be iterated gives unknown elements, and the fact is recorded. */
export function elementsOf(interpreter: Interpreter, value: Value, at: Place, how: 'iteration' | 'element'): Elements {
  if (value instanceof ArrayValue) return value;
  if (typeof value === 'string') return { elements: [...value], rest: undefined };
  const steps = iterationOf(interpreter, value, at);
  if (steps !== undefined) return takeSteps(steps);
  if (value instanceof HostObject) {
    const elements = value.iterate();
    if (elements !== undefined && elements !== null) return { elements, rest: undefined };
    if (elements === undefined) {
      interpreter.record({
        kind: 'member',
        at,
        owner: value.type,
        member: 'Symbol.iterator',
        how,
        exists: false,
        op: undefined,
      });
    }
    return {
      elements: [],
      rest: interpreter.unknown('runtime-data', at, `the elements of this ${value.type} are not known`),
    };
  }
  if (value instanceof UnionValue) {
    const live = value.options.filter((o) => o !== undefined && o !== null);
    const listed = (): readonly Elements[] => live.map((o) => elementsOf(interpreter, o, at, how));
    const lists = ofOneKind(live) ? listed() : interpreter.within({ certain: false }, listed);
    const length = lists[0]?.elements.length;
    if (length !== undefined && lists.every((l) => l.elements.length === length && l.rest === undefined)) {
      return {
        elements: lists.map((l) => l.elements).reduce((a, b) => a.map((x, i) => joinValues(x, b[i]))),
        rest: undefined,
      };
    }
    const all = lists.flatMap((l) => (l.rest === undefined ? l.elements : [...l.elements, l.rest]));
    return { elements: [], rest: all.length === 0 ? undefined : all.reduce(joinValues) };
  }
  if (isUnknown(value)) return { elements: [], rest: value.member('[]') };
  return iterateObject(interpreter, value, at, how);
}

function iterateObject(interpreter: Interpreter, value: Value, at: Place, how: 'iteration' | 'element'): Elements {
  mayThrow(interpreter, unknownError(interpreter, at));
  const open = value instanceof ObjectValue ? value.open : undefined;
  if (open !== undefined) return { elements: [], rest: open.member('[]') };
  const origin = value instanceof ObjectValue ? value.origin : undefined;
  const owner = origin?.owner ?? (value instanceof ObjectValue ? 'object' : typeof value);
  interpreter.record({ kind: 'member', at, owner, member: 'Symbol.iterator', how, exists: false, op: origin?.op });
  return { elements: [], rest: interpreter.unknown('error', at, 'this value is not iterable') };
}

/** Entries of an object: those that may not be there make those behind them, and the number of all, unknown. */
export function withMaybe(
  entries: readonly (readonly [string, Property])[],
  take: (entry: readonly [string, Property]) => Value,
  rest: Value | undefined,
): Elements {
  const first = entries.findIndex(([, { maybe }]) => maybe === true);
  const elements = (first < 0 ? entries : entries.slice(0, first)).map(take);
  if (first < 0) return { elements, rest };
  const further = entries
    .slice(first)
    .map(([key, property]) => take([key, { ...property, value: presentValue(property) }]));
  return { elements, rest: [...further, ...(rest === undefined ? [] : [rest])].reduce(joinValues) };
}

import type { Place } from '../trace/facts';
import type { Interpreter } from './interpreter';
import { joinValues } from './join';
import { ArrayValue, HostObject, isUnknown, ObjectValue, UnionValue, type Value } from './values';

/** What iteration over a value gives: elements in order, and what further ones are like where their number is not known. */
export interface Elements {
  readonly elements: readonly Value[];
  readonly rest: Value | undefined;
}

/** The elements of anything iterable. A value that cannot be iterated gives unknown elements, and the fact is recorded. */
export function elementsOf(interpreter: Interpreter, value: Value, at: Place, how: 'iteration' | 'element'): Elements {
  if (value instanceof ArrayValue) return value;
  if (typeof value === 'string') return { elements: [...value], rest: undefined };
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
    const lists = value.options
      .filter((o) => o !== undefined && o !== null)
      .map((o) => elementsOf(interpreter, o, at, how));
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
  const origin = value instanceof ObjectValue ? value.origin : undefined;
  const owner = origin?.owner ?? (value instanceof ObjectValue ? 'object' : typeof value);
  interpreter.record({ kind: 'member', at, owner, member: 'Symbol.iterator', how, exists: false, op: origin?.op });
  return { elements: [], rest: interpreter.unknown('error', at, 'this value is not iterable') };
}

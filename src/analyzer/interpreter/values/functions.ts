/** What can be called: functions, natives, classes. */
import type { ClassExpression, FunctionExpression } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import type { HostObject } from './host';
import { joinAll } from './join';
import { ObjectValue, type Property } from './objects';
import type { Value } from './values';

/** A closure. */
export class FunctionValue {
  readonly kind = 'function';
  readonly node: FunctionExpression;
  readonly scope: Scope;
  /** The class whose method it is, for `super`. */
  readonly home: ClassValue | undefined;
  name: string | undefined;
  /** The object literal in which it is written, a method of it. */
  owner: ObjectValue | undefined;
  /** Properties that were set on the function itself. */
  readonly properties = new ObjectValue();

  constructor(node: FunctionExpression, scope: Scope, name: string | undefined, home?: ClassValue) {
    this.node = node;
    this.scope = scope;
    this.name = name;
    this.home = home;
  }
}

/** Arguments of which the number is not known: from `certain` on each may be any of those that follow, or none. */
export class OpenArguments extends Array<Value> {
  certain = 0;

  /** What any argument from `certain` on may be. */
  get rest(): Value {
    return joinAll([...this].slice(this.certain));
  }
}

/** One call of a native function. */
export interface Call {
  readonly interpreter: Interpreter;
  readonly args: readonly Value[];
  /** Where each argument stands; a spread argument's place for each of its elements. */
  readonly argsAt: readonly Place[];
  readonly self: Value;
  /** The whole call expression. */
  readonly at: Place;
  readonly isNew: boolean;
}

/** A function that the analyzer knows from a table. */
export class NativeFunction {
  readonly kind = 'native';
  readonly name: string;
  readonly call: (call: Call) => Value;
  readonly members: ReadonlyMap<string, Value> | undefined;
  /** For a base class that users extend: makes the slot of an instance. */
  readonly construct: ((call: Call, instance: ObjectValue) => HostObject | undefined) | undefined;
  /** Whether it makes sense of arguments of which the number is not known. */
  takesAny = false;

  constructor(
    name: string,
    call: (call: Call) => Value,
    more: { members?: ReadonlyMap<string, Value>; construct?: NativeFunction['construct'] } = {},
  ) {
    this.name = name;
    this.call = call;
    this.members = more.members;
    this.construct = more.construct;
  }
}

export interface ClassField {
  readonly name: string;
  readonly value: FunctionExpression | undefined;
}

/** A class: the members of its prototype and its static side. */
export class ClassValue {
  readonly kind = 'class';
  readonly node: ClassExpression;
  readonly scope: Scope;
  readonly name: string;
  readonly superclass: Value;
  readonly prototype = new ObjectValue();
  readonly statics = new ObjectValue();
  constructorFunction: FunctionValue | undefined;
  /** Whether some class in view extends it. */
  extended = false;

  constructor(node: ClassExpression, scope: Scope, name: string, superclass: Value) {
    this.node = node;
    this.scope = scope;
    this.name = name;
    this.superclass = superclass;
    this.prototype.properties.set('constructor', { value: this, hidden: true });
    if (superclass instanceof ClassValue) this.prototype.proto = superclass.prototype;
  }

  get methods(): Map<string, Property> {
    return this.prototype.properties;
  }
}

import type { TypeNode } from '../program/nodes';
import type { ActivationFact } from '../trace/facts';
import type { Mutable } from './effects/journal';
import { joinValues } from './values/join';
import type { ClassValue, Value } from './values/values';
import type { GeneratorValue } from './waiting/generators';

/** A variable's place. `alias` is an import: it reads the exporter's variable when it is read. */
export class Variable implements Mutable {
  readonly name: string;
  value: Value;
  /** False until its declaration was reached, where that gives it a value: no path that got there reads it before. */
  ready: boolean;
  readonly alias: (() => Value) | undefined;
  /** Declared by `const`. */
  constant = false;

  constructor(name: string, value: Value, ready = true, alias?: () => Value) {
    this.name = name;
    this.value = value;
    this.ready = ready;
    this.alias = alias;
  }

  snapshot(): { value: Value; ready: boolean } {
    return { value: this.value, ready: this.ready };
  }

  restore(state: { value: Value; ready: boolean }): void {
    this.value = state.value;
    this.ready = state.ready;
  }

  isAs(state: { value: Value; ready: boolean }): boolean {
    return Object.is(this.value, state.value) && this.ready === state.ready;
  }

  merge(a: { value: Value; ready: boolean }, b: { value: Value; ready: boolean }): { value: Value; ready: boolean } {
    // Where it is not declared yet, it is not read either.
    if (a.ready !== b.ready) return a.ready ? a : b;
    return { value: joinValues(a.value, b.value), ready: a.ready };
  }
}

/** One activation of a function, or the top level of a module. */
export interface Frame {
  readonly file: string;
  readonly thisValue: Value;
  readonly home: ClassValue | undefined;
  readonly activation: ActivationFact | undefined;
  /** What a generator has yielded so far. */
  readonly yields: Value[] | undefined;
  /** Of what can be left at an `await` and be taken up again. */
  readonly task?: Task | undefined;
}

/** An async function under way, or a module that awaits. */
export interface Task {
  /** Whether nothing waits for it to come back: the event loop took it up again, or its callers await it. */
  resumed: boolean;
  /** Where its ways out begin among those that wait. */
  start: number;
  /** Of a generator, which is left where it yields. */
  generator?: GeneratorValue;
}

/** A lexical scope. */
export class Scope {
  readonly variables = new Map<string, Variable>();
  /** Interfaces and type aliases by name, where there are any. */
  types: Map<string, TypeNode> | undefined;
  readonly parent: Scope | undefined;
  readonly frame: Frame;
  /** True for the scope of a function or module, where `var` declares. */
  readonly isFunction: boolean;

  constructor(parent: Scope | undefined, frame: Frame, isFunction = false) {
    this.parent = parent;
    this.frame = frame;
    this.isFunction = isFunction;
  }

  lookup(name: string): Variable | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const variable = scope.variables.get(name);
      if (variable !== undefined) return variable;
    }
    return undefined;
  }

  declare(name: string, value: Value, ready = true): Variable {
    const variable = new Variable(name, value, ready);
    this.variables.set(name, variable);
    return variable;
  }

  functionScope(): Scope {
    let scope: Scope = this;
    while (!scope.isFunction && scope.parent !== undefined) scope = scope.parent;
    return scope;
  }
}

/** Generators: functions that are left at each `yield` and are taken up again when the next value is asked for. */

import type { FunctionExpression } from '../../program/nodes';
import { symbol } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { LIMITS } from '../budget';
import type { Delta, Mutable } from '../effects/journal';
import { changedOften } from '../effects/often';
import { tryPath } from '../effects/paths';
import type { Completion, Interpreter } from '../interpreter';
import type { Scope, Task } from '../scope';
import type { Steps } from '../values/elements';
import { joinValues } from '../values/join';
import { Returning, Thrown } from '../values/thrown';
import {
  HostObject,
  ITERATOR,
  isUnknown,
  MISSING,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  truth,
  UnknownValue,
  type Value,
} from '../values/values';
import { runBody } from './suspended';

/** How a generator goes on: with a value, an error, or out of it. */
export type Resume = (mode: 'next' | 'throw' | 'return', value: Value) => void;

interface State {
  readonly at: 'start' | 'waits' | 'done' | 'lost';
  readonly resume: Resume | undefined;
}

/** What a generator gives: `done` undefined where that is not known. */
export interface Given {
  readonly value: Value;
  readonly done: boolean | undefined;
}

export class GeneratorValue extends HostObject implements Mutable {
  readonly type = 'Generator';
  readonly #node: FunctionExpression;
  readonly #scope: Scope;
  readonly #task: Task;
  readonly #join: (completion: Completion) => Value;
  #state: State = { at: 'start', resume: undefined };
  #out: Given | undefined;
  #error: Thrown | undefined;

  /** @param join what the function gives, of all ways out of it */
  constructor(node: FunctionExpression, scope: Scope, task: Task, join: (completion: Completion) => Value) {
    super();
    this.#node = node;
    this.#scope = scope;
    this.#task = task;
    this.#join = join;
    task.generator = this;
  }

  snapshot(): State {
    return this.#state;
  }

  restore(state: State): void {
    this.#state = state;
  }

  merge(a: State, b: State): State {
    return a === b || (a.at === b.at && a.at === 'done') ? a : { at: 'lost', resume: undefined };
  }

  /** The function yields: it is left here. */
  leave(interpreter: Interpreter, value: Value, resume: Resume): void {
    if (this.#state.at === 'lost') {
      this.maybe(value);
      resume('next', lostValue());
      return;
    }
    interpreter.touch(this);
    this.#state = { at: 'waits', resume };
    this.#out = { value, done: false };
  }

  /** It may yield, on a path that cannot be left: from here on nobody knows how far it is. */
  maybe(value: Value): void {
    this.#state = { at: 'lost', resume: undefined };
    this.#out = { value: this.#out === undefined ? value : joinValues(this.#out.value, value), done: undefined };
  }

  /** `next`, `throw` or `return`. */
  go(interpreter: Interpreter, mode: 'next' | 'throw' | 'return', value: Value): Given {
    const { at, resume } = this.#state;
    if (at === 'lost') return { value: lostValue(), done: undefined };
    if (at === 'done' || (at === 'start' && mode !== 'next')) {
      interpreter.touch(this);
      this.#state = { at: 'done', resume: undefined };
      if (mode === 'throw') throw new Thrown(value);
      return { value: mode === 'return' ? value : undefined, done: true };
    }
    interpreter.touch(this);
    this.#out = undefined;
    this.#error = undefined;
    this.#state = { at: 'done', resume: undefined };
    this.#run(interpreter, () => {
      if (at === 'start') this.#begin(interpreter);
      else resume?.(mode, value);
    });
    const error = this.#error as Thrown | undefined;
    if (error instanceof Returning) return { value: error.value, done: true };
    if (error !== undefined) throw error;
    return (this.#out as Given | undefined) ?? { value: undefined, done: true };
  }

  /** Runs on; where nobody knows how far it came, what it changed is not certain. */
  #run(interpreter: Interpreter, run: () => void): void {
    const { active, context } = interpreter;
    if (active.length >= LIMITS.depth) {
      this.maybe(lostValue());
      return;
    }
    active.push(this.#node);
    this.#task.start = interpreter.pending.length;
    this.#task.resumed = true;
    let delta: Delta;
    try {
      delta = interpreter.journal.speculate(run).delta;
    } finally {
      active.pop();
      interpreter.context = context;
    }
    const own = new Map([...delta].filter(([mutable]) => mutable !== this));
    const state = delta.get(this) as State | undefined;
    if (this.#out?.done !== undefined || this.#out === undefined) interpreter.journal.join([own]);
    else tryPath(interpreter, () => changedOften(interpreter, own, NOWHERE));
    if (state !== undefined) this.#state = state;
    if (this.#out !== undefined && this.#out.done === undefined) this.#state = { at: 'lost', resume: undefined };
  }

  #begin(interpreter: Interpreter): void {
    if (interpreter.muted === 0) interpreter.called.add(this.#node);
    runBody(interpreter, this.#node.body, this.#scope, {
      task: this.#task,
      next: (completion) => {
        const value = this.#join(completion);
        this.#end({ value, done: true });
      },
      fail: (error) => {
        this.#error = error;
      },
    });
  }

  #end(given: Given): void {
    if (this.#state.at === 'lost') this.maybe(given.value);
    else this.#out = given;
  }

  override steps(interpreter: Interpreter): Steps {
    return {
      next: () => {
        const { value, done } = this.go(interpreter, 'next', undefined);
        return { go: done === undefined ? undefined : !done, element: value };
      },
      close: (early) => {
        if (early) this.go(interpreter, 'return', undefined);
      },
    };
  }

  get(name: string): Value | typeof MISSING {
    if (name === ITERATOR) return new NativeFunction('[Symbol.iterator]', () => this);
    if (name !== 'next' && name !== 'throw' && name !== 'return') return MISSING;
    return new NativeFunction(name, ({ interpreter, args: [value], at }) =>
      result(interpreter, this.go(interpreter, name, value), at),
    );
  }
}

/** What `next` gives. */
export function result(interpreter: Interpreter, { value, done }: Given, at: Place): ObjectValue {
  return ObjectValue.of({
    value,
    done: done ?? new UnknownValue(interpreter.reason('loop', at, 'how far it is')),
  });
}

function lostValue(): UnknownValue {
  return new UnknownValue(
    { code: 'loop', at: NOWHERE, text: 'what a generator yields of which nobody knows how far it is' },
    undefined,
    symbol,
  );
}

/** The iterator that an object gives, step by step. */
export function stepsOfIterator(interpreter: Interpreter, iterator: Value, at: Place): Steps | undefined {
  if (iterator instanceof HostObject) return iterator.steps(interpreter, at);
  if (!(iterator instanceof ObjectValue)) return undefined;
  const next = interpreter.get(iterator, 'next', at);
  return {
    next: () => {
      const given = interpreter.call(next, [], at, iterator);
      if (isUnknown(given)) return { go: undefined, element: given };
      const done = truth(interpreter.get(given, 'done', at));
      return {
        go: done === undefined ? undefined : !done,
        element: done === true ? undefined : interpreter.get(given, 'value', at),
      };
    },
    close: (early) => {
      if (!early) return;
      const close = interpreter.get(iterator, 'return', at);
      if (close !== undefined) interpreter.call(close, [], at, iterator);
    },
  };
}

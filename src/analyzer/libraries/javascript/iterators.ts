/** Iterators of lists, maps and sets: each element is given once, as it is when it is asked for. */

import type { Mutable } from '../../interpreter/effects/journal';
import type { Interpreter } from '../../interpreter/interpreter';
import type { Steps } from '../../interpreter/values/elements';
import {
  HostObject,
  ITERATOR,
  MISSING,
  NativeFunction,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { result } from '../../interpreter/waiting/generators';

/** How far an iterator is; undefined where nobody knows. */
type Position = number | undefined;

export class IteratorValue extends HostObject implements Mutable {
  readonly type = 'Iterator';
  readonly #at: (position: number) => { readonly go: boolean | undefined; readonly element: Value };
  #position: Position = 0;

  /** @param at what stands at a position, by now */
  constructor(at: (position: number) => { readonly go: boolean | undefined; readonly element: Value }) {
    super();
    this.#at = at;
  }

  snapshot(): { readonly position: Position } {
    return { position: this.#position };
  }

  restore({ position }: { readonly position: Position }): void {
    this.#position = position;
  }

  merge(a: { readonly position: Position }, b: { readonly position: Position }): { readonly position: Position } {
    return a.position === b.position ? a : { position: undefined };
  }

  #next(interpreter: Interpreter): { readonly go: boolean | undefined; readonly element: Value } {
    const position = this.#position;
    if (position === undefined)
      return {
        go: undefined,
        element: new UnknownValue(
          interpreter.reason('loop', { file: '', start: 0, end: 0 }, 'how far the iterator is depends'),
        ),
      };
    const step = this.#at(position);
    interpreter.touch(this);
    this.#position = step.go === true ? position + 1 : step.go === false ? Number.POSITIVE_INFINITY : undefined;
    return step;
  }

  override steps(interpreter: Interpreter): Steps {
    return { next: () => this.#next(interpreter) };
  }

  get(name: string): Value | typeof MISSING {
    if (name === ITERATOR) return new NativeFunction('[Symbol.iterator]', () => this);
    if (name !== 'next') return MISSING;
    return new NativeFunction(name, ({ interpreter, at }) => {
      const { go, element } = this.#next(interpreter);
      return result(interpreter, { value: element, done: go === undefined ? undefined : !go }, at);
    });
  }
}

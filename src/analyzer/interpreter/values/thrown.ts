import type { Value } from './values';

/** A JavaScript exception on its way to its handler. */
export class Thrown {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** `generator.return(value)` on its way out: no handler takes it, only finalizers see it. */
export class Returning extends Thrown {}

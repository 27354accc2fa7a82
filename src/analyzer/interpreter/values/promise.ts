/** Promises: what they settle to, and what waits for that. */
import type { Mutable } from '../effects/journal';
import type { PendingExit } from '../interpreter';
import { joinValues } from './join';
import type { Value } from './values';

/** What goes on once a promise settled. */
export interface Reaction {
  readonly fulfilled: (value: Value) => void;
  readonly rejected: (error: Value) => void;
  /** Registered on a path that may not have been taken. */
  readonly maybe?: true;
}

interface PromiseState {
  readonly state: PromiseValue['state'];
  readonly value: Value;
  readonly reactions: readonly Reaction[];
}

/**
 * `later`: it settles in a turn of the event loop to come, when something outside of the program is done; `pending`: code in
 * view settles it. `value` is what it settles to, or the error that it is rejected with.
 */
export class PromiseValue implements Mutable {
  readonly kind = 'promise';
  value: Value;
  state: 'pending' | 'later' | 'fulfilled' | 'rejected';
  reactions: readonly Reaction[] = [];
  /** Functions that code in view may never call settle it. */
  readonly byHand: boolean;
  /** Of an async function that code with a handler calls: the states in which it may have thrown. */
  thrown: readonly PendingExit[] = [];

  constructor(value: Value, state: PromiseValue['state'] = 'later', byHand = false) {
    this.value = value;
    this.state = state;
    this.byHand = byHand;
  }

  snapshot(): PromiseState {
    return { state: this.state, value: this.value, reactions: this.reactions };
  }

  restore({ state, value, reactions }: PromiseState): void {
    this.state = state;
    this.value = value;
    this.reactions = reactions;
  }

  isAs({ state, value, reactions }: PromiseState): boolean {
    return this.state === state && Object.is(this.value, value) && this.reactions === reactions;
  }

  merge(a: PromiseState, b: PromiseState): PromiseState {
    const reactions = reactionsOfEither(a, b);
    if (a.state === b.state) return { state: a.state, value: joinValues(a.value, b.value), reactions };
    const [first, second] = SETTLES.indexOf(a.state) < SETTLES.indexOf(b.state) ? [a, b] : [b, a];
    if (first.state === 'rejected') return { ...second, reactions };
    // Where it is not settled on each path, nobody knows when it will be.
    const state = second.state === 'rejected' ? first.state : 'later';
    const value = first.state === 'fulfilled' && second.state === 'later' ? joinValues(a.value, b.value) : first.value;
    return { state, value, reactions };
  }
}

export const isSettled = ({ state }: Pick<PromiseValue, 'state'>): boolean =>
  state === 'fulfilled' || state === 'rejected';

/** Of two states that meet, the value of the one that is named first. */
const SETTLES: readonly PromiseValue['state'][] = ['fulfilled', 'later', 'rejected', 'pending'];

/** What waited on one path and went on upon the other is under way there: the queue knows of it. */
function reactionsOfEither(a: PromiseState, b: PromiseState): readonly Reaction[] {
  if (a.reactions === b.reactions) return a.reactions;
  if (isSettled(a) || isSettled(b)) return [];
  const isIn = ({ fulfilled }: Reaction, list: readonly Reaction[]): boolean =>
    list.some((reaction) => reaction.fulfilled === fulfilled);
  const orNot = (reaction: Reaction): Reaction => ({ ...reaction, maybe: true });
  return [
    ...a.reactions.map((reaction) => (isIn(reaction, b.reactions) ? reaction : orNot(reaction))),
    ...b.reactions.filter((reaction) => !isIn(reaction, a.reactions)).map(orNot),
  ];
}

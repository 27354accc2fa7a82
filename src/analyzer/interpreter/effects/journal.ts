/** Something that evaluation changes: a variable, an object, a list, a model under construction. */
export interface Mutable {
  /** How many parts a snapshot copies; none: a few. */
  readonly weight?: number;
  snapshot(): unknown;
  restore(state: never): void;
  /** The state that holds after either of two paths. */
  merge(a: never, b: never): unknown;
  /** The state that holds after a path or after one that left before; none: as for any two paths. */
  rejoin?(now: never, left: never): unknown;
  /** Whether it is in that state now; none: nobody knows. */
  isAs?(state: never): boolean;
}

interface AnyMutable {
  readonly weight?: number;
  snapshot(): unknown;
  restore(state: unknown): void;
  merge(a: unknown, b: unknown): unknown;
  rejoin?(now: unknown, left: unknown): unknown;
  isAs?(state: unknown): boolean;
}

/** What a path changed: each mutable with its state at the path's end. */
export type Delta = ReadonlyMap<Mutable, unknown>;

/** A path that ended elsewhere (an early return): what it changed, and how all else was there that has changed since. */
export interface Departure {
  readonly delta: Delta;
  readonly since: Map<Mutable, unknown>;
  /** Of several in one: what has changed since the last of them left. */
  readonly fresh?: Set<Mutable> | undefined;
}

/** A path that others see in the midst. */
interface Look {
  /** Changed since anybody could see it. */
  readonly fresh: Set<Mutable>;
  readonly met: Map<Mutable, unknown>;
}

/** A moment, with the states in which that was then which changed before the next. */
interface Moment {
  readonly states: Map<Mutable, unknown>;
  next: Moment | undefined;
}

/** In place of an earlier state: there was none. */
const BORN = Symbol('born');

/** Whether something is in a state that it had. */
export const isAs = (mutable: Mutable, state: unknown): boolean =>
  state !== BORN && (mutable as AnyMutable).isAs?.(state) === true;

/** Whether it may have been in a state in which it is not now. */
export const differs = (mutable: Mutable, state: unknown): boolean => state !== BORN && !isAs(mutable, state);

/**
 * The undo log under every mutation, so that paths which exclude each other can be run one after another from the same
 * state, and then be joined.
 */
export class Journal {
  readonly #frames: Map<AnyMutable, unknown>[] = [];
  /** Paths that left and wait to be joined: what changes from here on did not change there. */
  readonly #departed: readonly Departure[];
  /** When things changed last, while somebody asks. */
  readonly #changed = new Map<Mutable, number>();
  #now = 0;
  readonly #copied: (parts: number) => void;
  /** Of paths that are looked at: what they met in between. */
  readonly #looks: Look[] = [];
  /** The last moment of which somebody will ask how things were. */
  #moment: Moment | undefined;
  /** Of the paths that left, the first that left what is under way: those before it are on their way elsewhere. */
  #inner = 0;

  /** @param copied is told how many parts are copied: states of large lists and objects are work that no step counts */
  constructor(departed: readonly Departure[], copied: (parts: number) => void) {
    this.#departed = departed;
    this.#copied = copied;
  }

  /** To be called before every change of `mutable`. */
  touch(mutable: Mutable): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined && !frame.has(mutable as AnyMutable))
      frame.set(mutable as AnyMutable, this.#snapshot(mutable));
    for (const departure of this.#departed) this.#note(departure, mutable as AnyMutable);
    if (this.#now > 0) this.#changed.set(mutable, this.#now);
    for (const { fresh } of this.#looks) fresh.add(mutable);
    const states = this.#moment?.states;
    if (states !== undefined && !states.has(mutable)) states.set(mutable, this.#snapshot(mutable as AnyMutable));
  }

  /** Before a change of `mutable`, which did not happen on a path that left. */
  #note({ since, fresh }: Departure, mutable: AnyMutable): void {
    if ((fresh ?? since).has(mutable)) return;
    fresh?.add(mutable);
    const now = this.#snapshot(mutable);
    const known = since.has(mutable) ? since.get(mutable) : BORN;
    since.set(mutable, known === BORN ? now : mutable.merge(known, now));
  }

  /** @returns tells whether something was changed since this call, or may have been */
  watch(): (mutable: Mutable) => boolean {
    this.#now += 1;
    const start = this.#now;
    return (mutable) => start > this.#now || (this.#changed.get(mutable) ?? 0) >= start;
  }

  /** @returns tells what has changed by then, with the states in which it is now */
  remember(): () => Delta {
    let moment = this.#moment;
    if (moment === undefined || moment.states.size > 0) {
      const last: Moment = { states: new Map(), next: undefined };
      if (moment !== undefined) moment.next = last;
      this.#moment = last;
      moment = last;
    }
    const first = moment;
    return () => {
      const states = new Map(first.states);
      for (let later = first.next; later !== undefined; later = later.next)
        for (const [mutable, state] of later.states) if (!states.has(mutable)) states.set(mutable, state);
      return states;
    };
  }

  /** Nobody will ask any more. */
  unwatch(): void {
    this.#now = 0;
    this.#changed.clear();
    this.#moment = undefined;
  }

  /**
   * To be called of what a path makes and then fills or changes: on no other path is it met, and on none that left before, so
   * what the path made of it stays.
   */
  born(mutable: Mutable): void {
    this.#frames.at(-1)?.set(mutable as AnyMutable, BORN);
    for (const { since, fresh } of this.#departed) {
      since.set(mutable, BORN);
      fresh?.add(mutable);
    }
    this.#moment?.states.set(mutable, BORN);
  }

  /**
   * Runs a path, then takes back what it changed.
   * @param failed is told what it had changed where it throws
   */
  speculate<T>(
    run: () => T,
    failed?: (error: unknown, delta: Delta) => void,
  ): { readonly result: T; readonly delta: Delta } {
    const before = new Map<AnyMutable, unknown>();
    const waiting = this.#departed.length;
    this.#frames.push(before);
    try {
      const result = this.apart(run);
      return { result, delta: this.#changesIn(before) };
    } catch (error) {
      failed?.(error, this.#changesIn(before));
      throw error;
    } finally {
      this.#frames.pop();
      this.#keepFor(waiting, before);
      for (const [mutable, state] of before) if (state !== BORN) mutable.restore(state);
    }
  }

  #changesIn(before: ReadonlyMap<AnyMutable, unknown>): Delta {
    const delta = new Map<AnyMutable, unknown>();
    for (const mutable of before.keys()) delta.set(mutable, this.#snapshot(mutable));
    return delta;
  }

  /** What left a path that is now taken back has all that the path had changed by then. */
  #keepFor(first: number, before: ReadonlyMap<AnyMutable, unknown>): void {
    for (let i = first; i < this.#departed.length; i += 1) {
      const departure = this.#departed[i] as Departure;
      for (const [mutable, state] of before)
        if (state !== BORN && !departure.delta.has(mutable)) this.#note(departure, mutable);
    }
  }

  /** Runs what paths leave that are not to be taken for those before. */
  apart<T>(run: () => T): T {
    const outer = this.#inner;
    this.#inner = this.#departed.length;
    try {
      return run();
    } finally {
      this.#inner = outer;
    }
  }

  /** Whether the path that left last left what is under way. */
  get leftHere(): boolean {
    return this.#departed.length > this.#inner;
  }

  /** One departure for two that lead to the same place. */
  united(earlier: Departure, { delta, since, fresh }: Departure): Departure {
    const known = earlier.delta.size === 0 ? earlier.since : new Map([...earlier.since, ...earlier.delta]);
    const add = (mutable: Mutable, left: unknown): void => {
      const before = known.has(mutable) ? known.get(mutable) : this.#snapshot(mutable as AnyMutable);
      if (before === BORN) known.set(mutable, left);
      else if (left !== BORN) known.set(mutable, (mutable as AnyMutable).merge(before, left));
    };
    for (const [mutable, left] of since) if (!delta.has(mutable)) add(mutable, left);
    for (const [mutable, left] of delta) add(mutable, left);
    return { delta: new Map(), since: known, fresh: new Set([...(fresh ?? since.keys()), ...delta.keys()]) };
  }

  /** Runs a path; gives of all that it changed the states in which others may have met it, in one. */
  changes(run: () => void): Delta {
    const look: Look = { fresh: new Set(), met: new Map() };
    this.#looks.push(look);
    try {
      run();
      this.glimpse();
      return look.met;
    } finally {
      this.#looks.pop();
    }
  }

  /** Others may run here: they meet things as they are. */
  glimpse(): void {
    for (const { fresh, met } of this.#looks) {
      for (const mutable of fresh) {
        const m = mutable as AnyMutable;
        const now = this.#snapshot(m);
        met.set(mutable, met.has(mutable) ? m.merge(met.get(mutable), now) : now);
      }
      fresh.clear();
    }
  }

  /** Makes the state such that one of the paths was taken; a path that did not touch a mutable left it as it is. */
  join(deltas: readonly Delta[]): void {
    for (const mutable of new Set(deltas.flatMap((delta) => [...delta.keys()]))) {
      if (deltas.every((delta) => !delta.has(mutable) || this.#stays(mutable, delta.get(mutable)))) continue;
      const m = mutable as AnyMutable;
      const states = deltas.map((delta) => (delta.has(mutable) ? delta.get(mutable) : this.#snapshot(m)));
      this.touch(mutable);
      m.restore(states.reduce((a, b) => m.merge(a, b)));
    }
  }

  /** Lets a path that left be one of two ways to the present state. */
  rejoin({ delta, since }: Departure): void {
    const settle = (mutable: Mutable, left: unknown): void => {
      if (left === BORN || this.#stays(mutable, left)) return;
      const m = mutable as AnyMutable;
      this.touch(mutable);
      const now = this.#snapshot(m);
      m.restore(m.rejoin === undefined ? m.merge(now, left) : m.rejoin(now, left));
    };
    for (const [mutable, left] of since) if (!delta.has(mutable)) settle(mutable, left);
    for (const [mutable, left] of delta) settle(mutable, left);
  }

  /** Makes the state either what it is or what a path made of it. */
  blend(delta: Delta): void {
    for (const [mutable, state] of delta) {
      if (state === BORN || this.#stays(mutable, state)) continue;
      const m = mutable as AnyMutable;
      this.touch(mutable);
      m.restore(m.merge(this.#snapshot(m), state));
    }
  }

  /** Whether it is in that state; who asks what was changed is told of it: it was set, if to what it is. */
  #stays(mutable: Mutable, state: unknown): boolean {
    if (!isAs(mutable, state)) return false;
    if (this.#now > 0) this.#changed.set(mutable, this.#now);
    for (const { fresh } of this.#looks) fresh.add(mutable);
    return true;
  }

  #snapshot(mutable: AnyMutable): unknown {
    if (mutable.weight !== undefined) this.#copied(mutable.weight);
    return mutable.snapshot();
  }
}

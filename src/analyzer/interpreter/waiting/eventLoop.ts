/** What waits until the running code has ended: the callbacks of promises, of timers, and of events. */
import type { Mutable } from '../effects/journal';
import type { PromiseValue } from '../values/values';

/** Something that runs by itself, from a stack that is empty. */
export interface Job {
  readonly run: () => void;
  /** On some path it was not enqueued, or has run. */
  readonly maybe?: true;
}

interface State {
  readonly jobs: readonly Job[];
  readonly promises: readonly PromiseValue[];
  readonly timers: readonly Timer[];
  readonly events: readonly Event[];
}

/** A callback that runs once, some time after all jobs. */
export interface Timer extends Job {
  /** Of two with one delay the first runs first. */
  readonly delay: number | undefined;
  /** Something that waited for other things, and was put off; it may have happened before any of what waits. */
  readonly postponed?: true;
}

/** A callback that runs whenever something happens, never or often. */
export interface Event extends Job {
  /** Whether its effects were looked at, which may come before anything that waits. */
  readonly foreseen?: true;
}

/** The queues of the event loop. They are part of the state: of a path that is taken back nothing waits. */
export class EventLoop implements Mutable {
  /** Microtasks: in order, before anything else. */
  jobs: readonly Job[] = [];
  /** Promises for which something waits and which settle in a turn to come. */
  promises: readonly PromiseValue[] = [];
  timers: readonly Timer[] = [];
  events: readonly Event[] = [];

  snapshot(): State {
    return { jobs: this.jobs, promises: this.promises, timers: this.timers, events: this.events };
  }

  restore({ jobs, promises, timers, events }: State): void {
    this.jobs = jobs;
    this.promises = promises;
    this.timers = timers;
    this.events = events;
  }

  merge(a: State, b: State): State {
    return {
      jobs: ofEither(a.jobs, b.jobs),
      promises: [...new Set([...a.promises, ...b.promises])],
      timers: ofEither(a.timers, b.timers),
      events: ofEither(a.events, b.events),
    };
  }

  rejoin(now: State, left: State): State {
    return {
      jobs: sinceThen(now.jobs, left.jobs),
      promises: now.promises,
      timers: sinceThen(now.timers, left.timers),
      events: sinceThen(now.events, left.events),
    };
  }
}

/** What began to wait after the other path left may wait; what has run since waits no more. */
function sinceThen<J extends Job>(now: readonly J[], left: readonly J[]): readonly J[] {
  return now.map((job) => (isAsCertainIn(left, job) ? job : { ...job, maybe: true }));
}

/** What waits for certain on both paths still does; what waits on one may. */
function ofEither<J extends Job>(a: readonly J[], b: readonly J[]): readonly J[] {
  if (a === b) return a;
  const inA = new Set(a.map(({ run }) => run));
  return [
    ...a.map((job): J => (isAsCertainIn(b, job) ? job : { ...job, maybe: true })),
    ...b.filter(({ run }) => !inA.has(run)).map((job): J => ({ ...job, maybe: true })),
  ];
}

const isAsCertainIn = (list: readonly Job[], job: Job): boolean =>
  list.some(({ run, maybe }) => run === job.run && maybe === job.maybe);

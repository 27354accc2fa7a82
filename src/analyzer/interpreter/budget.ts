/** Thrown where a run has used up what it may use: the run ends there, with what was seen so far. */
export class Exhausted extends Error {}

/** Steps and time that one run may take. */
export class Budget {
  readonly steps: number;
  readonly milliseconds: number;
  #used = 0;
  readonly #start = performance.now();

  constructor(steps = 2_000_000, milliseconds = 5_000) {
    this.steps = steps;
    this.milliseconds = milliseconds;
  }

  step(): void {
    this.#used += 1;
    if (this.#used > this.steps) throw new Exhausted(`more than ${this.steps} steps`);
    if (this.#used % 1024 === 0 && performance.now() - this.#start > this.milliseconds) {
      throw new Exhausted(`more than ${this.milliseconds} ms`);
    }
  }
}

/** Bounds within one run, each a reason where it is reached. */
export const LIMITS = {
  /** Iterations of a loop that are unrolled. */
  unroll: 256,
  /** Iterations unrolled of a loop that trains: further ones repeat the first. */
  unrollTraining: 2,
  /** Nested calls. */
  depth: 100,
  /** Nested calls of one function. */
  recursion: 40,
  /** What a generator may yield. */
  yields: 64,
} as const;

/** Thrown where a run has used up what it may use: it ends there, with what was seen so far. */
export class Exhausted {
  readonly message: string;
  /** True where only the function under visit has: the run goes on with the next. */
  readonly visitOnly: boolean;

  constructor(message: string, visitOnly: boolean) {
    this.message = message;
    this.visitOnly = visitOnly;
  }
}

/** Thrown where looking ahead takes more than it is worth. */
export class LookedEnough {}

/** Bounds within one run, each a reason where it is reached. */
export const LIMITS = {
  /** Evaluation steps for one entry file. */
  steps: 2_000_000,
  /**
   * Milliseconds for one entry file: a brake for what steps do not measure. Real programs take a tenth of it at most (2.5 s of the
   * corpus), so what is found does not depend on the machine or its load.
   */
  milliseconds: 20_000,
  /** Parts of a list or object that are copied in one evaluation step. */
  copiedParts: 64,
  /** Evaluation steps for one function that nobody calls. */
  visitSteps: 250_000,
  /** Steps in all to see what waiting code will change; beyond it, things run in the order in which they were begun. */
  lookSteps: 50_000,
  /** Steps in a row in which nothing of a library was seen. */
  barrenSteps: 300_000,
  /** Iterations of a loop that are unrolled. */
  unroll: 256,
  /** Iterations unrolled of a loop that trains or runs a model: further ones repeat the first. */
  unrollTraining: 2,
  /** Iterations unrolled that may each have been the last: what runs after one is either's, so each costs more than the one before. */
  unrollLeaving: 32,
  /** The same in what waits between iterations. */
  unrollWaiting: 4,
  /** Nested calls. */
  depth: 100,
  /** Nested calls of one function. */
  recursion: 40,
  /** Calls of a function in a row that gave nothing known and recorded nothing: further ones with unknown arguments are not made. */
  fruitless: 16,
  /** Closures of one function, handed to code that is not known, that are looked at. */
  callbacks: 2,
  /** What a generator may yield. */
  yields: 64,
} as const;

/** Steps and time that one entry file may take. */
export class Budget {
  readonly #steps: number;
  readonly #milliseconds: number;
  #used = 0;
  #visitEnd = Number.POSITIVE_INFINITY;
  #barrenEnd: number = LIMITS.barrenSteps;
  #lookEnd = Number.POSITIVE_INFINITY;
  #looked = 0;
  readonly #start = performance.now();

  constructor(steps: number = LIMITS.steps, milliseconds: number = LIMITS.milliseconds) {
    this.#steps = steps;
    this.#milliseconds = milliseconds;
  }

  /** From here on another function that nobody calls is visited, with a bound of its own. */
  beginVisit(): void {
    this.#visitEnd = this.#used + LIMITS.visitSteps;
  }

  /**
   * Runs what will run once more for real.
   * @returns undefined where all steps for such looks are used up
   */
  looking<T>(run: () => T): T | undefined {
    if (this.#looked >= LIMITS.lookSteps) return undefined;
    const start = this.#used;
    this.#lookEnd = start + LIMITS.lookSteps - this.#looked;
    try {
      return run();
    } catch (error) {
      if (!(error instanceof LookedEnough)) throw error;
      return undefined;
    } finally {
      this.#looked += this.#used - start;
      this.#lookEnd = Number.POSITIVE_INFINITY;
    }
  }

  /** Something was seen that the run is for. */
  bearFruit(): void {
    this.#barrenEnd = this.#used + LIMITS.barrenSteps;
  }

  step(): void {
    this.#used += 1;
    if (this.#used > this.#steps) throw new Exhausted(`more than ${this.#steps} steps`, false);
    if (this.#used > this.#visitEnd) throw new Exhausted(`more than ${LIMITS.visitSteps} steps`, true);
    if (this.#used > this.#lookEnd) throw new LookedEnough();
    if (this.#used > this.#barrenEnd) throw new Exhausted(`nothing seen in ${LIMITS.barrenSteps} steps`, false);
    if (this.#used % 1024 === 0) this.#watch();
  }

  /** Copying large lists and objects is work that no step counts. */
  copied(parts: number): void {
    if (parts < LIMITS.copiedParts) return;
    this.#used += Math.floor(parts / LIMITS.copiedParts);
    this.#watch();
  }

  #watch(): void {
    if (performance.now() - this.#start > this.#milliseconds) {
      throw new Exhausted(`more than ${this.#milliseconds} ms`, false);
    }
  }
}

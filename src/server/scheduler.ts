/** Runs a task for a key after a pause; asking again for the key begins the pause anew. */
export class Scheduler {
  readonly #failed: (error: unknown) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** `failed` is told of tasks that throw: one of them must not end the server. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  schedule(key: string, milliseconds: number, task: () => Promise<void>): void {
    this.cancel(key);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      task().catch(this.#failed);
    }, milliseconds);
    this.#timers.set(key, timer);
  }

  /** A task that waits already runs after whatever happened now: it is left as it is. */
  scheduleUnlessPending(key: string, milliseconds: number, task: () => Promise<void>): void {
    if (!this.#timers.has(key)) this.schedule(key, milliseconds, task);
  }

  cancel(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}

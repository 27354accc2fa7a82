/** What the page and its worker say to each other, and what a task is. */

/** What a task can do besides computing. */
export interface TaskContext {
  /** Tells the page how far it is, or what it has so far. */
  progress(progress: unknown): void;
  /**
   * Lets messages in: to be awaited at least every 50 ms of work, so that a task can be cancelled and the worker is known to
   * live. Throws Cancelled once nobody waits for the result.
   */
  breathe(): Promise<void>;
  /** What the page told this run since it was last asked, oldest first (`Run.tell`). */
  told(): unknown[];
}

export type Task<I = never, O = unknown> = (input: I, context: TaskContext) => O | Promise<O>;

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export type ToWorker =
  | { readonly type: 'run'; readonly id: number; readonly task: string; readonly input: unknown }
  | { readonly type: 'tell'; readonly id: number; readonly message: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'ping' };

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly type: 'done'; readonly id: number; readonly output: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'alive' };

import type { SceneContext } from '../scene';
import type { Run } from './client';
import { Cancelled } from './task';

/** A value that takes time, for the inputs of the moment. */
export interface Answer<O> {
  /** The last one that came; undefined before the first. */
  readonly value: O | undefined;
  /** Whether `value` belongs to earlier inputs. */
  readonly pending: boolean;
  /** What went wrong for these inputs. */
  readonly problem: string | undefined;
}

/** Keeps the newest answer of a task: asked again only where the inputs differ, and older runs are cancelled. */
export class Latest<I, O> {
  #key: string | undefined;
  #run: Run<O> | undefined;
  #answer: Answer<O> = { value: undefined, pending: true, problem: undefined };

  constructor(
    private readonly context: Pick<SceneContext, 'redraw'>,
    private readonly start: (input: I) => Run<O>,
  ) {}

  get(input: I): Answer<O> {
    const key = JSON.stringify(input);
    if (key !== this.#key) {
      this.#key = key;
      this.#run?.cancel();
      this.#answer = { ...this.#answer, pending: true, problem: undefined };
      const run = this.start(input);
      this.#run = run;
      run.result.then(
        (value) => this.#settle(run, { value, pending: false, problem: undefined }),
        (error: unknown) => {
          if (!(error instanceof Cancelled)) {
            this.#settle(run, { value: undefined, pending: false, problem: String((error as Error).message) });
          }
        },
      );
    }
    return this.#answer;
  }

  #settle(run: Run<O>, answer: Answer<O>): void {
    if (run !== this.#run) return;
    this.#answer = answer;
    this.context.redraw();
  }
}

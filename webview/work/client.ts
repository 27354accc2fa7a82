/** The page's side of the worker: started when first needed, and anew when it is lost. */
import { Cancelled, type FromWorker, type Task, type ToWorker } from './task';
import type { Tasks } from './tasks';

type Input<T> = T extends Task<infer I, unknown> ? I : never;
type Output<T> = T extends (...parameters: never[]) => infer O ? Awaited<O> : never;

export interface Run<O> {
  /** Rejects with Cancelled once cancelled, else with the task's own error. */
  readonly result: Promise<O>;
  cancel(): void;
  /** Something for the running task (`TaskContext.told`). */
  tell(message: unknown): void;
}

export interface RunOptions {
  readonly progress?: (progress: unknown) => void;
  /**
   * What to run instead when the worker was lost on the way, given once: the input again (the default), or one that goes on
   * from a checkpoint.
   */
  readonly resume?: () => unknown;
}

interface Pending {
  readonly task: string;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
  restarts: number;
}

/** A worker that leaves so many calls unanswered, with work to do, is lost. Not a time: a hidden page's timers are slow. */
const UNANSWERED = 4;
const CALL_EVERY = 2_500;
const MOST_RESTARTS = 2;

export class Work {
  #worker: Worker | undefined;
  #starting: Promise<Worker> | undefined;
  #next = 1;
  #unanswered = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  readonly #pending = new Map<number, Pending>();

  /** @param start makes a worker; @param lost is told when one had to be replaced */
  constructor(
    private readonly start: () => Promise<Worker>,
    private readonly lost: () => void = () => {},
    private readonly callEvery = CALL_EVERY,
  ) {}

  run<K extends keyof Tasks>(task: K, input: Input<Tasks[K]>, options: RunOptions = {}): Run<Output<Tasks[K]>> {
    const id = this.#next++;
    const result = new Promise<Output<Tasks[K]>>((resolve, reject) => {
      this.#pending.set(id, { task, input, options, resolve, reject, restarts: 0 });
    });
    void this.#send({ type: 'run', id, task, input });
    this.#watchOver();
    return {
      result,
      cancel: () => {
        const pending = this.#pending.get(id);
        if (pending === undefined) return;
        this.#settle(id);
        void this.#send({ type: 'cancel', id });
        pending.reject(new Cancelled());
      },
      tell: (message) => {
        if (this.#pending.has(id)) void this.#send({ type: 'tell', id, message });
      },
    };
  }

  async #send(message: ToWorker): Promise<void> {
    try {
      (await this.#running()).postMessage(message);
    } catch (error) {
      this.#failAll(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #running(): Promise<Worker> {
    this.#starting ??= this.start().then((worker) => {
      this.#unanswered = 0;
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#receive(data));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        if (this.#worker === worker) this.#replace();
      });
      this.#worker = worker;
      return worker;
    });
    return this.#starting;
  }

  #receive(message: FromWorker): void {
    this.#unanswered = 0;
    if (message.type === 'alive') return;
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.type === 'progress') {
      pending.options.progress?.(message.progress);
      return;
    }
    this.#settle(message.id);
    if (message.type === 'done') pending.resolve(message.output as never);
    else pending.reject(new Error(message.message));
  }

  #settle(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  #watchOver(): void {
    if (this.#watch !== undefined) return;
    this.#unanswered = 0;
    this.#watch = setInterval(() => {
      if (this.#worker === undefined) return;
      if (this.#unanswered++ >= UNANSWERED) this.#replace();
      else this.#worker.postMessage({ type: 'ping' } satisfies ToWorker);
    }, this.callEvery);
  }

  /** Ends a worker that failed or fell silent, and runs in a new one what was under way. */
  #replace(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#starting = undefined;
    this.lost();
    for (const [id, pending] of [...this.#pending]) {
      if (pending.restarts++ >= MOST_RESTARTS) {
        this.#settle(id);
        pending.reject(new Error('The worker was lost, again and again.'));
        continue;
      }
      const input = pending.options.resume?.() ?? pending.input;
      void this.#send({ type: 'run', id, task: pending.task, input });
    }
    this.#unanswered = 0;
  }

  #failAll(error: Error): void {
    this.#starting = undefined;
    for (const [id, pending] of [...this.#pending]) {
      this.#settle(id);
      pending.reject(error);
    }
  }
}

/** A worker from a blob of the script's text: an editor's panel may not start one from a file. */
export async function blobWorker(script: string): Promise<Worker> {
  const answer = await fetch(script);
  if (!answer.ok) throw new Error(`The worker's script could not be read: ${answer.status}.`);
  const address = URL.createObjectURL(new Blob([await answer.text()], { type: 'text/javascript' }));
  try {
    return new Worker(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The worker's side: runs tasks, one after another as they come, and several at once where they wait. */
import { Cancelled, type FromWorker, type Task, type ToWorker } from './task';
import { tasks } from './tasks';

const table: Readonly<Record<string, Task>> = tasks;
const running = new Map<number, { cancelled: boolean; readonly told: unknown[] }>();

const post = (message: FromWorker): void => self.postMessage(message);

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'ping') post({ type: 'alive' });
  else if (data.type === 'run') void run(data.id, data.task, data.input);
  else if (data.type === 'tell') running.get(data.id)?.told.push(data.message);
  else if (data.type === 'cancel') {
    const run = running.get(data.id);
    if (run) run.cancelled = true;
  }
});

async function run(id: number, name: string, input: unknown): Promise<void> {
  const own = { cancelled: false, told: [] as unknown[] };
  running.set(id, own);
  try {
    const task = Object.hasOwn(table, name) ? table[name] : undefined;
    if (task === undefined) throw new Error(`there is no task ${name}`);
    const output = await task(input as never, {
      progress: (progress) => post({ type: 'progress', id, progress }),
      breathe: async () => {
        await nextTurn();
        if (own.cancelled) throw new Cancelled();
      },
      told: () => own.told.splice(0),
    });
    if (!own.cancelled) post({ type: 'done', id, output });
  } catch (error) {
    if (!own.cancelled) post({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

/** A turn of the event loop, without the 4 ms that nested timers wait. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

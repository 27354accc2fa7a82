/**
 * A helper thread takes a tenth of a second to start, most of which it needs for this program's own code: where large folders
 * are to be analyzed, one is started before anything else. Whether there is work for it is known later.
 */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
import { isSource } from '../shared/languages';

/** Characters of source below which a second thread would start for nothing: it takes as long as to analyze so many. */
export const WORTH_A_THREAD = 400_000;
/** Files and folders that are looked at for that: a millisecond or two. */
const MOST_SEEN = 2_000;

const COMMANDS: readonly (string | undefined)[] = ['check', 'shapes'];
const NOT_SOURCE = /^\.|^node_modules$/;

/** A thread that runs `script`, which waits for its task; the process does not wait for it. */
export function startHelper(script: string): Worker {
  const worker = new Worker(script, { stdout: true, stderr: true });
  // The thread that gives the task sleeps until all have told: that one died is known by its silence.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A file, an option, what cannot be read: who analyzes says so.
    return [];
  }
}

/** Whether folders hold, at a glance, work for two threads. */
function areLarge(folders: readonly string[]): boolean {
  const left = [...folders];
  let bytes = 0;
  let seen = 0;
  for (let folder = left.pop(); folder !== undefined && seen < MOST_SEEN; folder = left.pop()) {
    for (const entry of entriesOf(folder)) {
      seen += 1;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NOT_SOURCE.test(entry.name)) left.push(path);
      else if (entry.isFile() && isSource(entry.name)) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes >= 2 * WORTH_A_THREAD) return true;
    }
  }
  return false;
}

let early: Worker | undefined;

if (isMainThread && availableParallelism() > 1) {
  const [command, ...words] = process.argv.slice(2);
  if (COMMANDS.includes(command) && areLarge(words)) early = startHelper(__filename);
}

/** The thread that was started early, once. */
export function earlyHelper(): Worker | undefined {
  const helper = early;
  early = undefined;
  return helper;
}

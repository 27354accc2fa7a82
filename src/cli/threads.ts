/**
 * Large workspaces are analyzed by several threads: each takes the next group of files that have to do with one another,
 * this thread too, which at the end puts together what all found. The result is the one of a single thread.
 */
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import type { FileAnalysis } from '../analyzer/analysis';
import { componentsOf } from '../analyzer/workspace/components';
import { Sources } from '../analyzer/workspace/sources';
import { earlyHelper, startHelper, WORTH_A_THREAD } from './early';
import { type CreateAnalyzer, openWorkspace, type Summaries, type Workspace } from './workspace';

/** More threads than these would wait for one another's memory. */
const MOST_THREADS = 4;
/** A thread that ends no group for so long (milliseconds) is gone: others do its work. */
const PATIENCE = 30_000;

type Groups = readonly (readonly string[])[];

/** What threads share: which group comes next, and how many threads have told what they found. */
enum Slot {
  Next,
  Progress,
  Done,
}

interface Task {
  readonly cwd: string;
  readonly summaries: Summaries;
  readonly groups: Groups;
  readonly slots: Int32Array;
  readonly port: MessagePort;
}

interface Share {
  readonly analyses: readonly FileAnalysis[];
  /** Whether a run loaded a file of another group: then the groups belong together after all. */
  readonly strayed: boolean;
}

/** How the files of a workspace are analyzed. */
export type AnalyzeFiles = (files: readonly string[], workspace: Workspace) => readonly FileAnalysis[];

export interface Threads {
  /** In all, this one among them. */
  readonly threads?: number;
  /** Characters of source for each. */
  readonly share?: number;
  /** Milliseconds until a thread that ends no group is given up. */
  readonly patience?: number;
}

/** Analyzes with the help of threads that run `script`, which is to call `help`, where that is worth it. */
export function withThreads(
  script: string,
  {
    threads = Math.min(availableParallelism(), MOST_THREADS),
    share: worth = WORTH_A_THREAD,
    patience = PATIENCE,
  }: Threads = {},
): AnalyzeFiles {
  return (files, workspace) => {
    const size = files.reduce((sum, file) => sum + (workspace.files.read(file)?.length ?? 0), 0);
    const helpers = Math.min(threads, Math.floor(size / worth)) - 1;
    const groups = helpers > 0 ? componentsOf(files, new Sources(workspace.files)) : [];
    const analyses = groups.length > 1 ? share(script, groups, helpers, workspace, patience) : undefined;
    return analyses === undefined
      ? workspace.analyzer.analyzeAll(files)
      : files.flatMap((file) => analyses.get(file) ?? workspace.analyzer.analyzeAll([file]));
  };
}

/** The analyses by path; undefined where the groups turn out to belong together. */
function share(
  script: string,
  groups: Groups,
  helpers: number,
  workspace: Workspace,
  patience: number,
): ReadonlyMap<string, FileAnalysis> | undefined {
  const slots = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * 3));
  const ports: MessagePort[] = [];
  for (let i = 0; i < helpers; i += 1) {
    const { port1, port2 } = new MessageChannel();
    const { cwd, summaries } = workspace;
    const task: Task = { cwd, summaries, groups, slots, port: port2 };
    const helper = earlyHelper() ?? startHelper(script);
    helper.postMessage(task, [port2]);
    ports.push(port1);
  }
  const own = takeGroups(groups, slots, workspace);
  const shares = [own];
  // Helpers that have not begun by now have nothing to tell.
  const isAll = own.analyses.length === groups.reduce((sum, group) => sum + group.length, 0);
  const told = isAll || waitForAll(slots, helpers, patience);
  for (const port of ports) {
    const message = receiveMessageOnPort(port) as { readonly message: Share } | undefined;
    if (message !== undefined) shares.push(message.message);
    port.close();
  }
  if (!told || shares.some(({ strayed }) => strayed)) return undefined;
  return new Map(shares.flatMap(({ analyses }) => analyses.map((analysis) => [analysis.path, analysis])));
}

/** Waits until every helper has told; false where one has died. This thread sleeps: nothing else goes on in it. */
function waitForAll(slots: Int32Array, helpers: number, patience: number): boolean {
  for (;;) {
    const done = Atomics.load(slots, Slot.Done);
    if (done === helpers) return true;
    const before = Atomics.load(slots, Slot.Progress);
    if (Atomics.wait(slots, Slot.Done, done, patience) === 'timed-out') {
      if (Atomics.load(slots, Slot.Progress) === before) return false;
    }
  }
}

/** Analyzes groups until none is left. */
function takeGroups(groups: Groups, slots: Int32Array, { analyzer }: Workspace): Share {
  const groupOf = new Map(groups.flatMap((group) => group.map((path) => [path, group])));
  const analyses: FileAnalysis[] = [];
  let strayed = false;
  for (;;) {
    const group = groups[Atomics.add(slots, Slot.Next, 1)];
    if (group === undefined) return { analyses, strayed };
    const loaded = new Set<string>();
    analyses.push(...analyzer.analyzeAll(group, loaded));
    for (const path of loaded) strayed ||= (groupOf.get(path) ?? group) !== group;
    Atomics.add(slots, Slot.Progress, 1);
  }
}

/** What a thread that `withThreads` started does. */
export function help(createAnalyzer: CreateAnalyzer): void {
  parentPort?.once('message', ({ cwd, summaries, groups, slots, port }: Task) => {
    try {
      port.postMessage(takeGroups(groups, slots, openWorkspace(cwd, createAnalyzer, summaries)));
      Atomics.add(slots, Slot.Done, 1);
    } finally {
      Atomics.notify(slots, Slot.Done);
    }
  });
}

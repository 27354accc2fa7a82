import type { FileAnalysis } from '../analyzer/analysis';
import { applyEdits, editsByFile, safeFixes } from '../analyzer/rules/fixes';
import { writeText } from '../disk/writeText';
import type { CheckResult } from './check';
import { unifiedDiff } from './diff';
import type { Workspace } from './workspace';

/** A fix may bring another finding to light, and that one has a fix too: so often at most. */
const ROUNDS = 10;

export interface Fixed {
  /** What is found in the fixed texts. */
  readonly result: CheckResult;
  /** Fixes that were applied. */
  readonly fixes: number;
  /** Files that are another now. */
  readonly changes: readonly Change[];
  /** Files in which a fix would have broken the syntax: nothing of that round was applied to them. */
  readonly broken: readonly string[];
}

export interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Applies every safe fix that touches no other, again and again until there is none, in the texts of the workspace; the
 * disk is left as it is. Only files that are checked are changed.
 */
export function fixAll(first: CheckResult, again: () => CheckResult): Fixed {
  const { files, analyzer } = first.workspace;
  const originals = new Map<string, string>();
  const closed = new Set<string>();
  const checked = new Set(first.analyses.map(({ path }) => path));
  const write = (path: string, text: string) => {
    files.replace(path, text);
    analyzer.change(path);
  };
  let result = first;
  let fixes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const chosen = safeFixes(result.findings, (file) => checked.has(file) && !closed.has(file));
    if (chosen.length === 0) break;
    const before = new Map<string, string>();
    for (const [path, edits] of editsByFile(chosen)) {
      const text = files.read(path) ?? '';
      before.set(path, text);
      write(path, applyEdits(text, edits));
    }
    const next = again();
    const broken = brokenFiles(result.analyses, next.analyses);
    if (broken.length > 0) {
      for (const path of broken) closed.add(path);
      for (const [path, text] of before) write(path, text);
      result = again();
      continue;
    }
    for (const [path, text] of before) if (!originals.has(path)) originals.set(path, text);
    fixes += chosen.length;
    result = next;
  }
  const changes = [...originals].flatMap(([path, before]) => {
    const after = files.read(path) ?? '';
    return after === before ? [] : [{ path, before, after }];
  });
  return { result, fixes, changes, broken: [...closed] };
}

/** Files with more syntax errors than before. */
function brokenFiles(before: readonly FileAnalysis[], after: readonly FileAnalysis[]): readonly string[] {
  const counts = new Map(before.map(({ path, problems }) => [path, problems.length]));
  return after.flatMap(({ path, problems }) => (problems.length > (counts.get(path) ?? 0) ? [path] : []));
}

/** Writes what was fixed; each line of the result says of a file why it could not be. */
export function writeChanges({ changes }: Fixed, { display }: Workspace): readonly string[] {
  return changes.flatMap(({ path, before, after }) => {
    const problem = writeText(path, before, after);
    return problem === undefined ? [] : [`${display(path)} was not fixed: ${problem}`];
  });
}

/** What `writeChanges` would do, for `git apply` and `patch -p1`. */
export function diffOf({ changes }: Fixed, { display }: Workspace): string {
  return changes.map(({ path, before, after }) => unifiedDiff(display(path), before, after)).join('');
}

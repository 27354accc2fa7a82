import type { Edit } from './edits';
import type { Finding, Fix } from './rule';

/**
 * The safe fixes of findings that can be applied together, one a finding: one whose edits touch those of an earlier one
 * waits until that is applied, and so does one that would edit a file which may not be.
 */
export function safeFixes(findings: readonly Finding[], editable: (file: string) => boolean): readonly Fix[] {
  const kept: Fix[] = [];
  for (const { fixes } of findings) {
    const fix = fixes.find(({ safe }) => safe);
    if (fix === undefined || fix.edits.length === 0) continue;
    if (!fix.edits.every(({ at }) => editable(at.file))) continue;
    if (!kept.some((other) => other.edits.some((a) => fix.edits.some((b) => touch(a, b))))) kept.push(fix);
  }
  return kept;
}

function touch(a: Edit, b: Edit): boolean {
  return a.at.file === b.at.file && a.at.start <= b.at.end && b.at.start <= a.at.end;
}

/** Edits by the file that they change. */
export function editsByFile(fixes: readonly Fix[]): ReadonlyMap<string, readonly Edit[]> {
  const files = new Map<string, Edit[]>();
  for (const edit of fixes.flatMap(({ edits }) => edits)) {
    const edits = files.get(edit.at.file);
    if (edits === undefined) files.set(edit.at.file, [edit]);
    else edits.push(edit);
  }
  return files;
}

/**
 * A text with edits of one file applied, all of them in its own offsets. Lines that come in end as most lines of the text
 * do. Edits at one offset keep their order.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const newline = newlineOf(text);
  const ordered = edits.map((edit, i) => ({ ...edit, i })).sort((a, b) => a.at.start - b.at.start || a.i - b.i);
  let result = '';
  let at = 0;
  for (const { at: place, text: inserted } of ordered) {
    result += text.slice(at, place.start) + inserted.replace(/\r?\n/g, newline);
    at = place.end;
  }
  return result + text.slice(at);
}

function newlineOf(text: string): string {
  const all = text.split('\n').length - 1;
  const carried = text.split('\r\n').length - 1;
  return carried * 2 > all ? '\r\n' : '\n';
}

/** Lines around a change. */
const CONTEXT = 3;

interface Line {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * The difference of two texts as `diff -u` prints it, for `git apply` and `patch -p1`; empty where there is none.
 * @param name the file's path
 */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = compare(linesOf(before), linesOf(after));
  const hunks: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  let i = 0;
  while (i < lines.length) {
    const change = lines.findIndex((line, j) => j >= i && line.kind !== ' ');
    if (change < 0) break;
    const start = Math.max(i, change - CONTEXT);
    oldLine += start - i;
    newLine += start - i;
    const end = hunkEnd(lines, change);
    const hunk = lines.slice(start, end);
    const olds = hunk.filter(({ kind }) => kind !== '+').length;
    const news = hunk.filter(({ kind }) => kind !== '-').length;
    hunks.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@\n${hunk.map(print).join('')}`);
    oldLine += olds;
    newLine += news;
    i = end;
  }
  const prefix = name.startsWith('/') ? ['', ''] : ['a/', 'b/'];
  // A tab ends a name that holds a blank, as git prints it.
  const tab = name.includes(' ') ? '\t' : '';
  return `--- ${prefix[0]}${name}${tab}\n+++ ${prefix[1]}${name}${tab}\n${hunks.join('')}`;
}

/** Where the hunk ends that begins with this change: after its context, and with changes that are near. */
function hunkEnd(lines: readonly Line[], change: number): number {
  let last = change;
  for (let i = change; i < lines.length && i - last <= 2 * CONTEXT; i += 1) if (lines[i]?.kind !== ' ') last = i;
  return Math.min(lines.length, last + 1 + CONTEXT);
}

function range(line: number, count: number): string {
  if (count === 1) return String(line);
  return `${count === 0 ? line - 1 : line},${count}`;
}

function print({ kind, text }: Line): string {
  return `${kind}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`;
}

/** Each line with its end. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The shortest way from one list of lines to the other. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (text: string): Line => ({ kind: ' ', text });
  return [
    ...before.slice(0, head).map(same),
    ...shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** Eugene W. Myers, An O(ND) Difference Algorithm and Its Variations (1986), the greedy algorithm of section 4. */
function shortest(a: readonly string[], b: readonly string[]): readonly Line[] {
  const furthest = new Map<number, number>([[1, 0]]);
  const at = (k: number) => furthest.get(k) ?? -1;
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= a.length + b.length; d += 1) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
    }
  }
  return [];
}

function walkBack(trace: readonly ReadonlyMap<number, number>[], a: readonly string[], b: readonly string[]): Line[] {
  const lines: Line[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const at = (k: number) => trace[d]?.get(k) ?? -1;
    const k = x - y;
    const previous = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(previous);
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      lines.push({ kind: ' ', text: a[x] ?? '' });
    }
    if (x > fromX) lines.push({ kind: '-', text: a[x - 1] ?? '' });
    else if (y > fromY) lines.push({ kind: '+', text: b[y - 1] ?? '' });
    x = fromX;
    y = fromY;
  }
  return lines.reverse();
}

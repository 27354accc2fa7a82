/** Authors' facts: `// @shape [B, 28, 28, 1]` on a line, or above it, says the shape of what the line declares or assigns. */
import { LineMap } from './lineMap';
import type { Expression, Pattern, ProgramFile, Range } from './nodes';
import { visit } from './walk';

/** A size as its author writes it: a number, null (`None`), `?`, or a name, `2*c` as well. */
export type SaidDim = number | null | '?' | { readonly name: string; readonly times: number };

export interface SaidShape {
  readonly dims: readonly SaidDim[];
  /** The comment. */
  readonly at: Range;
}

/** What takes a value: a name, or a member that is assigned. */
export type Target = Extract<Pattern, { kind: 'identifierPattern' | 'targetPattern' }>;

interface Statement {
  readonly name: string | undefined;
  readonly dims: readonly SaidDim[];
}

/**
 * The shapes that comments give to what is declared or assigned. `@shape [B, 3]` speaks of the one value of its line,
 * `@shape xs [B, 3], ys [B]` of values by name.
 */
export function shapeComments(program: ProgramFile): ReadonlyMap<Target, SaidShape> {
  const found = new Map<Target, SaidShape>();
  const comments = program.comments.filter(({ text }) => text.includes('@shape'));
  if (comments.length === 0) return found;
  const lines = new LineMap(program.text);
  const targets = targetsByLine(program, lines);
  for (const { start, end, text } of comments) {
    const line = lineMeant(program.text, lines, { start, end });
    const candidates = targets.get(line) ?? [];
    for (const { name, dims } of parse(text)) {
      const meant =
        name === undefined ? onlyOne(candidates) : candidates.find(({ target }) => nameOf(target) === name)?.target;
      if (meant !== undefined) found.set(meant, { dims, at: { start, end } });
    }
  }
  return found;
}

interface Candidate {
  readonly target: Target;
  /** `const f = (x) => …`: the function is no tensor, its parameter may be. */
  readonly holdsFunction: boolean;
}

function targetsByLine(program: ProgramFile, lines: LineMap): ReadonlyMap<number, readonly Candidate[]> {
  const found = new Map<number, Candidate[]>();
  const functions = new Set<Pattern>();
  visit(program.body, (node) => {
    if (node.kind === 'declaration' && isFunction(node.value)) functions.add(node.pattern);
    if (node.kind === 'assign' && isFunction(node.value)) functions.add(node.target);
    if (node.kind !== 'identifierPattern' && node.kind !== 'targetPattern') return;
    const { line } = lines.position(node.start);
    const candidates = found.get(line) ?? [];
    candidates.push({ target: node, holdsFunction: functions.has(node) });
    found.set(line, candidates);
  });
  return found;
}

function isFunction(value: Expression | undefined): boolean {
  return value?.kind === 'function' || value?.kind === 'class';
}

/** A shape without a name speaks of the only value there; of several, nobody knows which. */
function onlyOne(candidates: readonly Candidate[]): Target | undefined {
  const values = candidates.filter(({ holdsFunction }) => !holdsFunction);
  return values.length === 1 ? values[0]?.target : undefined;
}

function nameOf(target: Target): string | undefined {
  if (target.kind === 'identifierPattern') return target.name;
  return target.target.kind === 'member' ? target.target.property : undefined;
}

/** The comment's own line where code stands on it too, else the next line that has code. */
function lineMeant(text: string, lines: LineMap, { start, end }: Range): number {
  const first = lines.position(start);
  const last = lines.position(end);
  const before = text.slice(start - first.column + 1, start);
  const after = lines.lineText(last.line).slice(last.column - 1);
  if (before.trim() !== '') return first.line;
  if (after.trim() !== '') return last.line;
  let line = last.line + 1;
  while (line <= lines.lineCount && /^\s*(?:\/\/.*|\/?\*.*)?$/.test(lines.lineText(line))) line += 1;
  return line;
}

const SHAPE = /(?:([\w$.]+)\s*:?\s*)?\[([^\]]*)\]/g;

function parse(text: string): readonly Statement[] {
  const said = text.slice(text.indexOf('@shape') + '@shape'.length);
  const line = said.split(/\r?\n/)[0] ?? '';
  return [...line.matchAll(SHAPE)].flatMap(([, name, list = '']) => {
    const words = list.trim() === '' ? [] : list.split(',').map((word) => word.trim());
    const dims = words.map(parseDim);
    return dims.every((dim) => dim !== undefined) ? [{ name: name?.replace(/^.*\./, ''), dims }] : [];
  });
}

function parseDim(word: string): SaidDim | undefined {
  if (/^\d+$/.test(word)) return Number(word);
  if (word === 'null' || word === 'None') return null;
  if (word === '?') return '?';
  const [, times, name] = /^(?:(\d+)\s*\*\s*)?([\p{L}_$][\p{L}\p{N}_$]*)$/u.exec(word) ?? [];
  return name === undefined ? undefined : { name, times: Number(times ?? 1) };
}

/**
 * Parsing after an edit: the statements at the top level that the edit did not touch are taken from the program before it,
 * moved to where they stand now; only those around the edit are parsed and converted anew.
 */
import type { Comment, ProgramFile, Statement } from '../program/nodes';
import { moveBy } from './move';

/** One statement of the tree and what became of it. */
export interface Piece {
  /** Where it starts, with the comments and spaces before it. */
  readonly pos: number;
  readonly end: number;
  readonly body: readonly Statement[];
  readonly imports: readonly string[];
  /** Whether it makes the file a module: then `await` is a keyword everywhere in it. */
  readonly isModule: boolean;
}

/** A text without syntax errors, statement by statement. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** What comments at the end of the file define. */
  readonly tail: readonly Statement[];
  readonly comments: readonly Comment[];
}

/** Parses the part [from, to) of a text; undefined where it has syntax errors. */
export type ParsePart = (from: number, to: number, isModule: boolean) => Pieces | undefined;

const KEPT = new WeakMap<ProgramFile, Pieces>();

/** Remembers what a program was made of. */
export function keepPieces(program: ProgramFile, pieces: Pieces): ProgramFile {
  KEPT.set(program, pieces);
  return program;
}

export function programOf(path: string, text: string, pieces: Pieces): ProgramFile {
  const imports = new Set(pieces.pieces.flatMap((piece) => piece.imports));
  const body = [...pieces.pieces.flatMap((piece) => piece.body), ...pieces.tail];
  return keepPieces({ path, text, body, problems: [], imports: [...imports], comments: pieces.comments }, pieces);
}

/**
 * The program of a text by that of an earlier one, which is used up: its statements now belong to the new one. Undefined
 * where too little would be kept, or where it is not certain that the parser would read the rest as before.
 */
export function parseAfterEdit(before: ProgramFile, text: string, parsePart: ParsePart): ProgramFile | undefined {
  const known = KEPT.get(before);
  if (known === undefined) return undefined;
  const { pieces } = known;
  const edit = editBetween(before.text, text);
  const by = text.length - before.text.length;
  // One statement more on either side: the parser looks ahead, and what is typed may continue what stands before it.
  const first = pieces.findIndex((piece) => piece.end >= edit.start) - 1;
  const last = pieces.findLastIndex((piece) => piece.pos <= edit.end) + 1;
  const from = pieces[first]?.pos;
  if (first < 1 || from === undefined || last < first) return undefined;
  const atEnd = last >= pieces.length - 1;
  const to = atEnd ? before.text.length : (pieces[last]?.end ?? 0);
  const kept = [...pieces.slice(0, first), ...(atEnd ? [] : pieces.slice(last + 1))];
  const isModule = pieces.some((piece) => piece.isModule);
  if (isModule && !kept.some((piece) => piece.isModule)) return undefined;
  const part = parsePart(from, to + by, isModule);
  if (part === undefined || (!isModule && part.pieces.some((piece) => piece.isModule))) return undefined;
  if (!atEnd && !endsAsBefore(part.pieces, pieces[last], by)) return undefined;
  const rest = atEnd ? [] : pieces.slice(last + 1);
  const tail = atEnd ? part.tail : known.tail;
  if (by !== 0 && !atEnd) moveBy(by, [...rest.map((piece) => piece.body), tail]);
  KEPT.delete(before);
  return programOf(before.path, text, {
    pieces: [
      ...pieces.slice(0, first),
      ...part.pieces,
      ...rest.map((piece) => ({ ...piece, pos: piece.pos + by, end: piece.end + by })),
    ],
    tail,
    comments: [
      ...known.comments.filter((comment) => comment.end <= from),
      ...part.comments,
      ...(atEnd ? [] : known.comments.filter((comment) => comment.start >= to)).map((comment) => ({
        ...comment,
        start: comment.start + by,
        end: comment.end + by,
      })),
    ],
  });
}

/** The range of the old text that is another in the new one. */
function editBetween(before: string, after: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same += 1;
  return { start, end: before.length - same };
}

/** Whether the last statement, which the edit did not touch, is still a statement of its own. */
function endsAsBefore(parsed: readonly Piece[], before: Piece | undefined, by: number): boolean {
  const now = parsed.at(-1);
  return now !== undefined && before !== undefined && now.pos === before.pos + by && now.end === before.end + by;
}

import type { Comment } from '../program/nodes';
import { tokenStart, ts } from './typescript';

/** What a comment says when it speaks to the analyzer. */
const address = /normlens-|@shape\b/g;

/**
 * The comments that hold `normlens-…` or `@shape`. The words are looked for in the text first; only where one is found
 * does the tree tell whether it stands in a comment or in a string, template, regular expression or JSX text.
 */
export function collectComments(source: ts.SourceFile): Comment[] {
  const offsets = Array.from(source.text.matchAll(address), (match) => match.index);
  if (offsets.length === 0) return [];
  const found: Comment[] = [];
  // A stack of our own, for chains of calls nest as deep as they are long.
  const open: Search[] = [{ node: source, offsets }];
  for (let search = open.pop(); search; search = open.pop()) found.push(...searchNode(source, search, open));
  return found.sort((a, b) => a.start - b.start);
}

/** `offsets` are all within `node`, its leading comments included. */
interface Search {
  readonly node: ts.Node;
  readonly offsets: readonly number[];
}

/** The comments that stand in `node` itself; the children that hold some of the offsets are pushed on `open`. */
function searchNode(source: ts.SourceFile, { node, offsets }: Search, open: Search[]): Comment[] {
  const found: Comment[] = [];
  let next = 0;
  const takeUpTo = (end: number): readonly number[] => {
    const first = next;
    while (next < offsets.length && (offsets[next] ?? end) < end) next++;
    return offsets.slice(first, next);
  };
  let gap = node.pos;
  const searchGap = (end: number) => found.push(...commentsBetween(source, gap, end, takeUpTo(end)));
  ts.forEachChild(node, (child) => {
    searchGap(child.pos);
    const inChild = takeUpTo(child.end);
    if (inChild.length > 0) open.push({ node: child, offsets: inChild });
    gap = child.end;
  });
  // A token's comments come before it; between the children of a node stand comments and punctuation only.
  searchGap(ts.isToken(node) ? tokenStart(node, source) : node.end);
  return found;
}

/** The comments among the tokens of [start, end) that cover one of `offsets`. */
function commentsBetween(source: ts.SourceFile, start: number, end: number, offsets: readonly number[]): Comment[] {
  const found: Comment[] = [];
  if (offsets.length === 0) return found;
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    false,
    source.languageVariant,
    source.text,
    undefined,
    start,
  );
  scanner.resetTokenState(start);
  let next = 0;
  while (scanner.getTokenEnd() < end) {
    const token = scanner.scan();
    if (token === ts.SyntaxKind.EndOfFileToken) break;
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    const range = { start: scanner.getTokenStart(), end: scanner.getTokenEnd() };
    const first = next;
    while (next < offsets.length && (offsets[next] ?? range.end) < range.end) next++;
    if (next > first) found.push({ ...range, text: strip(scanner.getTokenText()) });
  }
  return found;
}

/** The text of a comment without `//`, `/*` and the asterisks that lead the lines of a block. */
function strip(comment: string): string {
  if (comment.startsWith('//')) return comment.slice(2).trim();
  return comment
    .replace(/^\/\*+/, '')
    .replace(/\*+\/$/, '')
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^\*+\s?/, ''))
    .join('\n')
    .trim();
}

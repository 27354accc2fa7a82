import type { Comment } from '../program/nodes';
import { ts } from './typescript';

/** What a comment says when it speaks to the analyzer. */
const address = /normlens-|@shape\b/g;

/**
 * The comments that hold `normlens-…` or `@shape`. The words are looked for in the text first; only where one is found
 * does the tree tell whether it stands in a comment or in a string, template, regular expression or JSX text.
 */
export function collectComments(source: ts.SourceFile): Comment[] {
  const offsets = Array.from(source.text.matchAll(address), (match) => match.index);
  const found: Comment[] = [];
  if (offsets.length === 0) return found;
  collectIn(source, offsets);
  return found;

  /** All `offsets` are within `node`, leading comments included. */
  function collectIn(node: ts.Node, offsets: readonly number[]): void {
    let next = 0;
    let gap = node.pos;
    const gapsUpTo = (end: number) => {
      const first = next;
      while (next < offsets.length && (offsets[next] ?? end) < end) next++;
      if (next > first) found.push(...commentsBetween(source, gap, end, offsets.slice(first, next)));
    };
    ts.forEachChild(node, (child) => {
      gapsUpTo(child.pos);
      const first = next;
      while (next < offsets.length && (offsets[next] ?? child.end) < child.end) next++;
      if (next > first) collectIn(child, offsets.slice(first, next));
      gap = child.end;
    });
    // A token's comments come before it; between the children of a node stand comments and punctuation only.
    gapsUpTo(ts.isToken(node) ? node.getStart(source) : node.end);
  }
}

/** The comments among the tokens of [start, end) that cover one of `offsets`. */
function commentsBetween(source: ts.SourceFile, start: number, end: number, offsets: readonly number[]): Comment[] {
  const found: Comment[] = [];
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    false,
    source.languageVariant,
    source.text,
    undefined,
    start,
  );
  scanner.setTextPos(start);
  while (scanner.getTokenEnd() < end) {
    const token = scanner.scan();
    if (token === ts.SyntaxKind.EndOfFileToken) break;
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    const range = { start: scanner.getTokenStart(), end: scanner.getTokenEnd() };
    if (!offsets.some((offset) => offset >= range.start && offset < range.end)) continue;
    found.push({ ...range, text: strip(scanner.getTokenText()) });
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

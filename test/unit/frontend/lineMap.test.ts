import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineMap } from '../../../src/analyzer/program/lineMap';

describe('a line map', () => {
  it('counts lines and columns from 1', () => {
    const map = new LineMap('ab\ncd\r\n\re');
    expect([0, 2, 3, 5, 7, 8].map((offset) => map.position(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
    ]);
    expect(map.lineCount).toBe(4);
    expect([0, 1, 2, 3, 4, 5].map((line) => map.lineText(line))).toEqual(['', 'ab', 'cd', '', 'e', '']);
  });

  it('takes what lies outside the text for its nearest end', () => {
    const map = new LineMap('ab\ncd');
    expect(map.position(-1)).toEqual({ line: 1, column: 1 });
    expect(map.position(99)).toEqual({ line: 2, column: 3 });
    expect(map.offset(0, 5)).toBe(0);
    expect(map.offset(1, 99)).toBe(2);
    expect(map.offset(9, 1)).toBe(5);
  });

  it('agrees with the documents of the language server', () => {
    const text = fc
      .array(fc.constantFrom('a', '\n', '\r', '\r\n', '\u2028', '\u{1f600}', '\t'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (content) => {
        const map = new LineMap(content);
        const document = TextDocument.create('a', 'a', 1, content);
        expect(map.lineCount).toBe(document.lineCount);
        for (let line = 0; line < document.lineCount; line++) {
          for (let character = 0; character < 4; character++) {
            const offset = document.offsetAt({ line, character });
            expect(map.offset(line + 1, character + 1)).toBe(offset);
            const position = document.positionAt(offset);
            expect(map.position(offset)).toEqual({ line: position.line + 1, column: position.character + 1 });
          }
        }
      }),
    );
  });
});

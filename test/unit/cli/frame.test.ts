import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { LineMap } from '../../../src/analyzer/program/lineMap';
import { frame, widthOf } from '../../../src/cli/frame';

const plain = createColors(false);

function frameOf(text: string, words: string) {
  const start = text.indexOf(words);
  return frame({ file: 'a.ts', start, end: start + words.length }, new LineMap(text), plain, (squiggle) => squiggle);
}

describe('a frame', () => {
  it('underlines the exact range', () => {
    expect(frameOf('a;\nconst y = f(x);\n', 'f(x)')).toBe('  2 │ const y = f(x);\n    │           ~~~~\n');
  });

  it('keeps the squiggle in place behind tabs', () => {
    expect(frameOf('\t\tf(x)', 'f(x)')).toBe('  1 │     f(x)\n    │     ~~~~\n');
  });

  it('keeps it in place behind characters that take two columns, and marks that take none', () => {
    const [source = '', squiggle = ''] = frameOf("g('形状', 'e\u0301'); f(x)", 'f(x)').split('\n');
    expect(squiggle.indexOf('~')).toBe(widthOf(source.slice(0, source.indexOf('f(x)'))));
    expect(widthOf("g('形状', 'e\u0301'); ")).toBe("g('____', '_'); ".length);
  });

  it('says how far a range over several lines goes', () => {
    expect(frameOf('f({\n  a: 1,\n})', 'f({\n  a: 1,\n})')).toBe('  1 │ f({\n    │ ~~~ … to line 3\n');
  });

  it('marks an empty range with one sign', () => {
    expect(frameOf('f(x)', '')).toBe('  1 │ f(x)\n    │ ~\n');
  });

  it('shows of a long line what surrounds the range', () => {
    const [source = '', squiggle = ''] = frameOf(`${'a'.repeat(500)} f(x) ${'b'.repeat(500)}`, 'f(x)').split('\n');
    expect(source.length).toBeLessThan(140);
    expect(source.slice(squiggle.indexOf('~'), squiggle.lastIndexOf('~') + 1)).toBe('f(x)');
  });
});

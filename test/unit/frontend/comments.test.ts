import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import { processorTime } from '../../tools/processorTime';

function comments(code: string, path = 'file.tsx') {
  const file = parse(path, code);
  return file.comments.map(({ start, end, text }) => [text, file.text.slice(start, end)]);
}

describe('comments that speak to the analyzer', () => {
  it.each([
    [
      '// normlens-disable-next-line NL101\nf()',
      'normlens-disable-next-line NL101',
      '// normlens-disable-next-line NL101',
    ],
    ['f() // normlens-disable-line\r\n', 'normlens-disable-line', '// normlens-disable-line'],
    ['f(/* @shape [null, 28] */ x)', '@shape [null, 28]', '/* @shape [null, 28] */'],
    ['f(x /* @shape [1] */)', '@shape [1]', '/* @shape [1] */'],
    ['f(x, /* @shape [1] */)', '@shape [1]', '/* @shape [1] */'],
    ['f(/* @shape [1] */)', '@shape [1]', '/* @shape [1] */'],
    [
      '/**\n * Trains.\n * @shape [a,\n *   b]\n */\nf()',
      'Trains.\n@shape [a,\n  b]',
      '/**\n * Trains.\n * @shape [a,\n *   b]\n */',
    ],
    ['if (a) {\n  // normlens-disable\n}', 'normlens-disable', '// normlens-disable'],
    ['x = { /* normlens-a */ }', 'normlens-a', '/* normlens-a */'],
    ['x = `${/* normlens-a */ b /* c */}`', 'normlens-a', '/* normlens-a */'],
    ['x = <a>{/* normlens-a */}</a>', 'normlens-a', '/* normlens-a */'],
    ['x = <a b={c} /* normlens-a */ d="// normlens-b" />', 'normlens-a', '/* normlens-a */'],
    ['a // normlens-a', 'normlens-a', '// normlens-a'],
    ['// normlens-a', 'normlens-a', '// normlens-a'],
    ['x = a /* normlens-a */ ? b : c', 'normlens-a', '/* normlens-a */'],
    ['x = a.b /* normlens-a */ .c()', 'normlens-a', '/* normlens-a */'],
    ['switch (a) { case 1: /* normlens-a */ }', 'normlens-a', '/* normlens-a */'],
    ['type A = [ /* normlens-a */ ]', 'normlens-a', '/* normlens-a */'],
  ])('%j → %j', (code, text, source) => {
    expect(comments(code)).toEqual([[text, source]]);
  }); // prettier-ignore

  it.each([
    'x = "// normlens-disable"',
    "x = '/* @shape */'",
    'x = `// normlens-disable`',
    'x = `${a} // normlens-disable ${b} /* @shape */`',
    'x = /[/]/* normlens-disable *\\//',
    'x = <a>// normlens-disable</a>',
    'x = <a>a /* normlens-disable */</a>',
    'x = <a b="// normlens-disable"/>',
    'x = y.normlens-disable',
    '// plain comment @shaped',
  ])('are not found in %s', (code) => {
    expect(comments(code)).toEqual([]);
  });

  it('are found in order, once each, among strings that say the same', () => {
    const code = 'a("normlens-") // normlens-a normlens-b\nb(() => { /* @shape [1] normlens-c */ })\n// normlens-d';
    expect(comments(code).map(([text]) => text)).toEqual([
      'normlens-a normlens-b',
      '@shape [1] normlens-c',
      'normlens-d',
    ]);
  });

  it('are found inside and after a chain of thousands of calls', () => {
    const code = `x // normlens-a\n${'.add(1)'.repeat(5000)} // normlens-b`;
    expect(comments(code).map(([text]) => text)).toEqual(['normlens-a', 'normlens-b']);
  });

  it('are found in broken code', () => {
    expect(comments('f(a, // normlens-a\n').map(([text]) => text)).toEqual(['normlens-a']);
    expect(comments('const x = // normlens-a').map(([text]) => text)).toEqual(['normlens-a']);
  });

  it('cost little when there are thousands', () => {
    const code = 'f(x) // normlens-disable-line\n'.repeat(20_000);
    const { result, time } = processorTime(() => comments(code));
    expect(result).toHaveLength(20_000);
    expect(time).toBeLessThan(5000);
  });
});

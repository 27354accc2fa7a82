import { describe, expect, test } from 'vitest';
import { processorTime } from '../../tools/processorTime';
import { evaluate } from './evaluate';

/** What `value` was where the handler met it, by what that makes of it. */
const met = (block: string, before = ''): unknown =>
  evaluate(`let a = 0; ${before} let seen = 'none'; try { ${block} } catch (e) { seen = a; }`).get('seen');

/** The alternatives, in whatever order. */
function options(value: unknown): readonly unknown[] {
  const union = (value as { union?: readonly unknown[] } | undefined)?.union;
  return [...(union ?? [value])].map(String).sort();
}

describe('a handler', () => {
  test('meets every state from which something may have been thrown', () => {
    expect(options(met('x(); a = 1; x(); a = 2; x();'))).toEqual(['0', '1', '2', 'none']);
  });

  test('meets no state that no call has seen', () => {
    expect(options(met('x(); a = 1; a = 2; x();'))).toEqual(['0', '2', 'none']);
  });

  test('meets the states within a branch, and those before and behind it', () => {
    expect(options(met('x(); if (p) { a = 1; x(); a = 7; } x();', 'const p = outside();'))).toEqual([
      '0',
      '1',
      '7',
      'none',
    ]);
  });

  test('meets what a branch throws for certain as that branch left it', () => {
    expect(options(met('if (p) { a = 1; throw 1; } a = 2;', 'const p = outside();'))).toEqual(['1', '2', 'none']);
  });

  test('meets the states within a function that is called', () => {
    expect(options(met('f(); a = 3;', 'function f() { a = 1; x(); a = 2; }'))).toEqual(['1', '3', 'none']);
  });

  test('meets no state of an inner block whose errors are handled there', () => {
    expect(options(met('try { a = 1; x(); a = 2; } catch { a = 3; } a = 4; x();'))).toEqual(['4', 'none']);
  });

  test('meets the states in which a finalizer was run', () => {
    expect(options(met('try { a = 1; x(); a = 2; x(); } finally { a = a + 10; }'))).toEqual(['11', '12', 'none']);
  });

  test('costs time in proportion to what its block does', () => {
    const calls = (n: number): string =>
      Array.from({ length: n }, (_, i) => `o.p${i % 7} = x(o.p${(i + 1) % 7}); if (x()) v${i} = ${i};`).join('\n');
    const declared = Array.from({ length: 3000 }, (_, i) => `let v${i};`).join(' ');
    const { result, time } = processorTime(() =>
      evaluate(`const o = {}; ${declared} try { ${calls(3000)} } catch (e) { seen = 1; } const after = 1;`),
    );
    expect(result.get('after')).toBe(1);
    expect(time).toBeLessThan(2000);
  });
});

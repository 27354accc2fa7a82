import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainNumber, thousands } from '../../../webview/format';

describe('numbers as the page writes them', () => {
  it('are Intl’s in English, for every count and every setting', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 53 - 1 }), (n) => {
        expect(thousands(n)).toBe(n.toLocaleString('en-US'));
      }),
    );
    const intl = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
    fc.assert(
      fc.property(fc.integer({ min: -5e8, max: 5e8 }), fc.integer({ min: 0, max: 5 }), (whole, decimals) => {
        const value = whole / 10 ** decimals;
        fc.pre(value === 0 || Math.abs(value) >= 1e-3);
        expect(plainNumber(value)).toBe(intl.format(value === 0 ? 0 : value).replace('-', '−'));
      }),
    );
  });

  it('are powers of ten where they are small', () => {
    expect(plainNumber(1e-5)).toBe('10⁻⁵');
    expect(plainNumber(0.001)).toBe('0.001');
  });
});

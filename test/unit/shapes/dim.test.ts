import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  apply,
  atLeast,
  ceil,
  ceilDiv,
  type Dim,
  div,
  divides,
  floor,
  floorDiv,
  isPoly,
  joinDim,
  mod,
  mul,
  type Poly,
  same,
  showDim,
  sub,
  substitute,
  symbol,
  total,
} from '../../../src/analyzer/shapes/dim';

/** Three symbols that every random expression draws from. */
const symbols: readonly Poly[] = ['h', 'w', 'c'].map(symbol);

/** An expression twice: as the dims work it out, and as plain numbers do for given values of the symbols. */
interface Expression {
  readonly dim: Dim;
  /** NaN where it divides by zero. */
  value(of: readonly number[]): number;
}

const constant: fc.Arbitrary<Expression> = fc.integer({ min: -9, max: 9 }).map((n) => ({ dim: n, value: () => n }));
const variable: fc.Arbitrary<Expression> = fc
  .nat({ max: 2 })
  .map((i) => ({ dim: symbols[i] ?? '?', value: (of) => of[i] ?? Number.NaN }));

const binary: readonly [(a: Dim, b: Dim) => Dim, (a: number, b: number) => number][] = [
  [add, (a, b) => a + b],
  [sub, (a, b) => a - b],
  [mul, (a, b) => a * b],
  [(a, b) => apply('max', [a, b], Math.max), Math.max],
];

const byNumber: readonly [(a: Dim, n: number) => Dim, (a: number, n: number) => number][] = [
  [floorDiv, (a, n) => Math.floor(a / n)],
  [ceilDiv, (a, n) => Math.ceil(a / n)],
  [mod, (a, n) => a % n],
];

/** Whole-valued expressions of sums, products, roundings and remainders, up to a few levels deep. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    variable,
    constant,
    fc.tuple(fc.constantFrom(...binary), tie('expression'), tie('expression')).map(([[onDims, onNumbers], a, b]) => ({
      dim: onDims(a.dim, b.dim),
      value: (of: readonly number[]) => onNumbers(a.value(of), b.value(of)),
    })),
    fc
      .tuple(fc.constantFrom(...byNumber), tie('expression'), fc.integer({ min: 1, max: 6 }))
      .map(([[onDims, onNumbers], a, n]) => ({
        dim: onDims(a.dim, n),
        value: (of: readonly number[]) => onNumbers(a.value(of), n),
      })),
  ),
}));

const values = fc.tuple(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }),
);

const at = (dim: Dim, of: readonly number[]): Dim =>
  substitute(dim, new Map(symbols.map((s, i) => [s.key, of[i] ?? '?'])));

const [h = '?', w = '?', c = '?']: readonly Dim[] = symbols;

describe('symbolic dims', () => {
  it('give the number that plain arithmetic gives, for every value of the symbols', () => {
    fc.assert(
      fc.property(expression, values, (e, of) => {
        expect(at(e.dim, of)).toBe(e.value(of) + 0);
      }),
      { numRuns: 3000, seed: 4220 },
    );
  });

  it('add and multiply in any order, grouping and distribution to the same normal form', () => {
    fc.assert(
      fc.property(expression, expression, expression, ({ dim: a }, { dim: b }, { dim: d }) => {
        const keyOf = (dim: Dim): unknown => (isPoly(dim) ? dim.key : dim);
        expect(keyOf(add(a, b))).toEqual(keyOf(add(b, a)));
        expect(keyOf(mul(a, b))).toEqual(keyOf(mul(b, a)));
        expect(keyOf(add(add(a, b), d))).toEqual(keyOf(add(a, add(b, d))));
        expect(keyOf(mul(mul(a, b), d))).toEqual(keyOf(mul(a, mul(b, d))));
        expect(keyOf(mul(a, add(b, d)))).toEqual(keyOf(add(mul(a, b), mul(a, d))));
        expect(sub(add(a, b), b)).toEqual(a);
      }),
      { numRuns: 1000, seed: 4220 },
    );
  });

  it('are called equal, different or at least n only where that holds for the values drawn', () => {
    fc.assert(
      fc.property(expression, expression, values, (a, b, of) => {
        const equal = same(a.dim, b.dim);
        if (equal !== undefined) expect(a.value(of) === b.value(of)).toBe(equal);
        expect(a.value(of)).toBeGreaterThanOrEqual(atLeast(a.dim));
      }),
      { numRuns: 3000, seed: 4220 },
    );
  });

  it('know multiples only where the division comes out even', () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 1, max: 7 }), values, (e, n, of) => {
        const even = divides(n, e.dim);
        if (even !== undefined) expect(e.value(of) % n === 0).toBe(even);
      }),
      { numRuns: 2000, seed: 4220 },
    );
  });

  it('round nested and shifted quotients to one form', () => {
    expect(same(ceilDiv(h, 2), floorDiv(add(h, 1), 2))).toBe(true);
    expect(same(floorDiv(floorDiv(h, 2), 2), floorDiv(h, 4))).toBe(true);
    expect(same(floorDiv(mul(h, 3), 2), add(h, floorDiv(h, 2)))).toBe(true);
    expect(same(add(floorDiv(sub(h, 3), 2), 1), floorDiv(sub(h, 1), 2))).toBe(true);
    expect(same(floor(mul(h, w)), mul(h, w))).toBe(true);
    expect(same(ceil(div(mul(4, h), 2)), mul(2, h))).toBe(true);
  });

  it('do not round away a quotient of symbols, which need not be whole', () => {
    const half = floor(div(h, w));
    expect(at(half, [7, 2, 1])).toBe(3);
    expect(at(ceil(add(div(h, w), 1)), [7, 2, 1])).toBe(5);
  });

  it('divide exactly by what divides them', () => {
    expect(same(div(mul(h, c), c), h)).toBe(true);
    expect(same(div(add(mul(2, h), mul(2, w)), add(h, w)), 2)).toBe(true);
    expect(div(h, 0)).toBe('?');
  });

  it('are told apart by sign: c and 2c differ, c and 1 may not', () => {
    expect(same(c, mul(2, c))).toBe(false);
    expect(same(c, add(c, 1))).toBe(false);
    expect(same(c, 1)).toBeUndefined();
    expect(same(c, 0)).toBe(false);
    expect(same(c, h)).toBeUndefined();
    expect(same(symbol('n'), symbol('n'))).toBeUndefined();
  });

  it('stay null or unknown through arithmetic, but 0 times anything is 0', () => {
    expect(add(null, 3)).toBe(null);
    expect(add('?', null)).toBe('?');
    expect(mul(0, '?')).toBe(0);
    expect(total([null, 2, h])).toBe(null);
    expect(total([])).toBe(1);
    expect(same(null, null)).toBeUndefined();
  });

  it('join to what both say', () => {
    expect(joinDim(3, 3)).toBe(3);
    expect(joinDim(add(h, 1), add(1, h))).toEqual(add(h, 1));
    expect(joinDim(3, 4)).toBe('?');
    expect(joinDim(3, null)).toBe(null);
  });

  it('read as people write them', () => {
    expect(showDim(add(mul(2, c), 1))).toBe('2*c + 1');
    expect(showDim(floorDiv(h, 2))).toBe('floor(h/2)');
    expect(showDim(ceilDiv(h, 2))).toBe('ceil(h/2)');
    expect(showDim(sub(h, w))).toMatch(/^(h - w|-w \+ h)$/);
    expect(showDim(mod(h, 3))).toBe('(h % 3)');
    expect(showDim(apply('max', [h, 1], Math.max))).toBe('max(h, 1)');
    expect(showDim(null)).toBe('null');
  });
});

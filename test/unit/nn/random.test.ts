import { describe, expect, it } from 'vitest';
import { glorotUniform, heNormal } from '../../../runtime/nn/initializers';
import { Random } from '../../../runtime/nn/random';

const moments = (values: ArrayLike<number>) => {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return { mean, variance: list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length };
};

describe('Random', () => {
  it("gives the reference implementation's numbers from the state 1, 2, 3, 4", () => {
    // rand_xoshiro's test vector, made with xoshiro128starstar.c 1.1.
    const expected = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    const random = new Random([1, 2, 3, 4]);
    expect(expected.map(() => random.uint32())).toEqual(expected);
  });

  it('goes on from a kept state as if it had not stopped', () => {
    const random = new Random(7);
    random.normal();
    const other = new Random(random.state);
    const draw = (from: Random) => [from.uint32(), from.uniform(), from.normal(), ...from.permutation(20)];
    expect(draw(other)).toEqual(draw(random));
  });

  it('gives other numbers for another seed, neighbours too', () => {
    const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => new Random(seed).uint32()));
    expect(firsts.size).toBe(1000);
  });

  it('draws uniform and normal numbers of the moments asked for', () => {
    const random = new Random(1);
    const count = 100_000;
    const uniform = moments(Array.from({ length: count }, () => random.uniform(2, 5)));
    const normal = moments(Array.from({ length: count }, () => random.normal(-1, 3)));
    // Five standard errors: σ/√n of the mean, and of the variance σ²√(2/n) (normal), σ²√(0.8/n) (uniform).
    expect(Math.abs(uniform.mean - 3.5)).toBeLessThan(5 * Math.sqrt(0.75 / count));
    expect(Math.abs(uniform.variance - 0.75)).toBeLessThan(5 * 0.75 * Math.sqrt(0.8 / count));
    expect(Math.abs(normal.mean + 1)).toBeLessThan((5 * 3) / Math.sqrt(count));
    expect(Math.abs(normal.variance - 9)).toBeLessThan(5 * 9 * Math.sqrt(2 / count));
  });

  it('puts every number at every place of a permutation equally often', () => {
    const random = new Random(3);
    const runs = 20_000;
    const counts = new Array<number>(25).fill(0);
    for (let run = 0; run < runs; run++) {
      const order = random.permutation(5);
      expect(new Set(order).size).toBe(5);
      order.forEach((value, place) => {
        counts[place * 5 + value] = (counts[place * 5 + value] ?? 0) + 1;
      });
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - runs / 5) ** 2 / (runs / 5), 0);
    expect(chiSquare).toBeLessThan(39.25); // χ² with 16 degrees of freedom, 0.1 %
  });
});

describe('Initialisers', () => {
  const fan = { in: 50, out: 200 };
  const count = 50_000;

  it('draws He weights with variance 2 / fan in', () => {
    const weights = new Float64Array(count);
    heNormal(weights, fan, new Random(1));
    const { mean, variance } = moments(weights);
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(0.04 / count));
    expect(Math.abs(variance - 0.04)).toBeLessThan(5 * 0.04 * Math.sqrt(2 / count));
  });

  it('draws Glorot weights inside ±√(6 / (fan in + fan out)), with variance 2 / (fan in + fan out)', () => {
    const weights = new Float64Array(count);
    glorotUniform(weights, fan, new Random(1));
    expect(weights.every((weight) => Math.abs(weight) <= Math.sqrt(6 / 250))).toBe(true);
    expect(Math.abs(moments(weights).variance - 0.008)).toBeLessThan(5 * 0.008 * Math.sqrt(0.8 / count));
  });
});

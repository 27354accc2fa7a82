import type { Draws } from './compare';
import type { InputShape } from './oracle';
import type { Random } from './random';
import { describeRows } from './rows';
import { batch, ofRank } from './shapes';

/** Shapes that mostly fit one another, by broadcasting or exactly. */
function family(r: Random, count: number, vary: (d: number | null) => number | null, fewer: boolean): InputShape[] {
  const base = [batch(r), ...Array.from({ length: r.int(1, 3) }, () => (r.chance(0.12) ? null : r.int(1, 4)))];
  return Array.from({ length: count }, () => {
    const shape = base.map((d, i) => (i === 0 ? (r.chance(0.06) ? batch(r) : d) : vary(d)));
    return fewer && r.chance(0.2) && shape.length > 2 ? [shape[0] ?? null, ...shape.slice(2)] : shape;
  });
}

const elementwise: Draws = (r) => ({
  options: {},
  inputs: family(
    r,
    r.chance(0.04) ? 1 : r.int(2, 3),
    (d) => (r.chance(0.12) ? 1 : r.chance(0.05) ? r.int(1, 4) : r.chance(0.05) ? null : d),
    true,
  ),
});

describeRows('merge layers', {
  add: elementwise,
  multiply: elementwise,
  average: elementwise,
  maximum: elementwise,
  minimum: elementwise,
  concatenate: (r) => {
    const axis = r.pick([undefined, undefined, -1, -1, -1, 1, 1, 2, -2, 0, 3, -3, r.pick([3, 4, 7])]);
    const shapes = family(
      r,
      r.chance(0.04) ? 1 : r.int(2, 3),
      (d) => (r.chance(0.04) ? r.int(1, 4) : d),
      r.chance(0.1),
    );
    const inputs = shapes.map((s) => {
      const at = (axis ?? -1) < 0 ? s.length + (axis ?? -1) : (axis ?? 0);
      return s.map((d, i) => (i === at && r.chance(0.6) && (i > 0 || d !== null) ? r.int(1, 4) : d));
    });
    return { options: axis === undefined ? {} : { axis }, inputs };
  },
  dot: (r) => {
    const axes = r.pick<unknown>([1, -1, 2, [1, 1], [2, 2], [1, 2], [2, 1], -2, [-1, -1], 0]);
    const rank = r.int(2, 3);
    const base = ofRank(r, rank, 3, 0);
    const same = (): InputShape => (r.chance(0.7) ? base : ofRank(r, r.int(2, 3), 3, 0.05));
    return {
      options: { axes, ...r.some({ normalize: () => r.chance(0.5) }) },
      inputs: r.chance(0.03) ? [base] : [base, same()],
    };
  },
});

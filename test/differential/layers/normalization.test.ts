import { describe, expect, it } from 'vitest';
import { Refused } from '../../../src/analyzer/libraries/refused';
import { axis } from '../../../src/analyzer/shapes/shape';
import { type Draws, tableLayer } from './compare';
import { eager, trainingError } from './oracle';
import { Random } from './random';
import { describeRows } from './rows';
import { initializer, ofRank } from './shapes';

const affine = (r: Random): Record<string, unknown> =>
  r.some(
    {
      center: () => r.chance(0.5),
      scale: () => r.chance(0.5),
      epsilon: () => 1e-5,
      gammaInitializer: () => initializer(r),
      trainable: () => r.chance(0.5),
    },
    0.25,
  );

const batchNormalization: Draws = (r) => ({
  options: {
    ...affine(r),
    ...r.some({ axis: () => r.pick([-1, 1, 2, 3, -2, 0, 4, -5, 1.5, [1], [-1], [1, 2]]), momentum: () => 0.9 }, 0.5),
  },
  inputs: [ofRank(r, r.int(1, 5), 4, 0)],
});

const layerNormalization: Draws = (r) => ({
  options: {
    ...affine(r),
    ...r.some(
      { axis: () => r.pick([-1, 1, 2, [1, 2], [-1, -2], [1, 1], [-1, 2], 3, 5, 1.5, [1.5], '1', [2], 0]) },
      0.6,
    ),
  },
  inputs: [ofRank(r, r.int(1, 5), 4, 0)],
});

describeRows('normalizations', { batchNormalization, layerNormalization });

function refuses(check: () => unknown): boolean {
  try {
    check();
    return false;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return true;
  }
}

describe('normalizations in training', () => {
  it.each([
    ['batchNormalization', batchNormalization],
    ['layerNormalization', layerNormalization],
  ] as const)('%s is refused exactly where the gradient of tfjs throws', (type, draws) => {
    const random = new Random(77);
    const faults: string[] = [];
    let [drawn, threw] = [0, 0];
    while (drawn < 200) {
      const draw = draws(random);
      const inputs = draw.inputs.map((s) => s.map((d) => d ?? 2));
      const layer = tableLayer(type, draw.options);
      const shapes = inputs.map((s) => s.map((d) => axis(d)));
      if (eager(type, { ...draw, inputs }).error !== undefined) continue;
      drawn += 1;
      const real = trainingError(type, { ...draw, inputs });
      if (real !== undefined) threw += 1;
      if (refuses(() => layer.train?.(shapes)) !== (real !== undefined))
        faults.push(`${real ?? 'trains'}: ${JSON.stringify(draw.options)} on ${JSON.stringify(inputs)}`);
    }
    console.log(`${type.padEnd(22)} ${drawn} gradients, ${threw} threw`);
    expect(faults).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { paperNoise } from '../../../runtime/nn/layers';
import { type TrainConfig, trainConfig } from '../../../runtime/nn/trainConfig';
import { Trainer } from '../../../runtime/nn/trainer';
import { readDigits } from './support';

const digits = readDigits();

function train(changes: Partial<TrainConfig>): { accuracy: number; error: number; seconds: number } {
  const trainer = new Trainer(trainConfig(changes), digits);
  const start = performance.now();
  while (!trainer.finished) trainer.step();
  return { ...trainer.evaluate(), seconds: (performance.now() - start) / 1000 };
}

const mlp = { model: 'mlp', depth: 2, width: 64 } as const;
const cnn = { model: 'cnn', depth: 4, width: 8 } as const;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const errors = (changes: Partial<TrainConfig>, seeds: readonly number[]) =>
  seeds.map((seed) => 100 * train({ ...changes, seed }).error);

/** Some ten seconds in all on an idle core; a busy machine may take many times that. */
describe('Training on the digits', { timeout: 240_000 }, () => {
  it.each([
    ['mlp', { ...mlp, norm: 'batch' }],
    ['mlp', { ...mlp, norm: 'group' }],
    ['cnn', { ...cnn, norm: 'batch' }],
    ['cnn', { ...cnn, norm: 'group' }],
  ] as const)('brings a %s to 95 % on the test digits within a minute: %o', (_, config) => {
    const { accuracy, seconds } = train({ ...config, epochs: 3 });
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
    expect(seconds).toBeLessThan(60);
  });

  it("leaves batch norm's error far above group norm's at batch size 2, and not above it at 32", () => {
    const seeds = [1, 2];
    const at = (norm: TrainConfig['norm'], batchSize: number) => errors({ ...mlp, norm, batchSize, epochs: 1 }, seeds);
    expect(Math.min(...at('batch', 2))).toBeGreaterThan(Math.max(...at('group', 2)) + 5);
    expect(mean(at('batch', 32))).toBeLessThan(mean(at('group', 32)));
  });

  it('with noise behind every batch norm still beats the same noise without norms (Santurkar et al. 2018)', () => {
    const deep = { ...mlp, depth: 6, epochs: 1, noise: paperNoise };
    const [normed, bare] = (['batch', 'none'] as const).map((norm) => mean(errors({ ...deep, norm }, [1, 2])));
    expect(normed).toBeLessThan((bare as number) / 1.5);
  });

  it('with Adam learns too, and all digits wrong is what an untrained network starts near', () => {
    const config = { ...mlp, norm: 'layer', optimizer: 'adam', learningRate: 0.003 } as const;
    const untrained = new Trainer(trainConfig(config), digits).evaluate();
    expect(untrained.accuracy).toBeLessThan(0.3);
    expect(train({ ...config, epochs: 2 }).accuracy).toBeGreaterThanOrEqual(0.93);
  });
});

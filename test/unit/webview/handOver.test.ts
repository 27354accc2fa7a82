import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { handOverAt, handOversOf } from '../../../src/present/handOver';
import { readQuery } from '../../../src/shared/playground';

function handOvers(code: string) {
  const analysis = createAnalyzer({ read: () => `import * as tf from '@tensorflow/tfjs';\n${code}` }).analyze(
    '/w/a.ts',
  );
  return {
    analysis,
    changes: handOversOf(analysis).map(({ query }) => {
      const { change, refused } = readQuery(query);
      expect(refused).toEqual([]);
      return change;
    }),
  };
}

describe('what the playground is opened with', () => {
  it('is the shape, the momentum and the epsilon of a batch norm', () => {
    const { changes } = handOvers(`
      const model = tf.sequential();
      model.add(tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [28, 28, 1] }));
      model.add(tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }));`);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      scene: 'axes',
      data: 'images',
      norm: 'batch',
      batch: 32,
      channels: 8,
      height: 26,
      width: 26,
      momentum: 0.9,
      epsilon: 1e-5,
    });
    expect(changes[0]?.layer).toMatch(/^batch_normalization\S* \[null x 26 x 26 x 8\]$/);
  });

  it('tells both readings of layer norm apart', () => {
    const layerOf = (axis: string) =>
      handOvers(`
        const input = tf.input({ shape: [10, 64] });
        tf.model({ inputs: input, outputs: tf.layers.layerNormalization({ axis: ${axis} }).apply(input) });`)
        .changes[0];
    expect(layerOf('-1')).toMatchObject({ data: 'sequences', norm: 'layerChannels', height: 10, channels: 64 });
    expect(layerOf('[1, 2]')).toMatchObject({ data: 'sequences', norm: 'layer', height: 10, channels: 64 });
  });

  it('is features for rank 2, and the batch where the code says one', () => {
    const { changes } = handOvers(`
      const x = tf.ones([16, 12]);
      const { mean, variance } = tf.moments(x, 0);
      tf.batchNorm(x, mean, variance);`);
    expect(changes).toHaveLength(2);
    for (const change of changes) expect(change).toMatchObject({ data: 'features', batch: 16, channels: 12 });
    expect(changes[0]).not.toHaveProperty('norm');
    expect(changes[1]).toMatchObject({ norm: 'batch' });
  });

  it('reads channels first where the axis says so', () => {
    const { analysis, changes } = handOvers(`
      const model = tf.sequential();
      model.add(tf.layers.batchNormalization({ axis: 1, inputShape: [3, 24, 24] }));
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      model.fit(tf.ones([8, 3, 24, 24]), tf.ones([8, 3, 24, 24]));`);
    expect(changes[0]).toMatchObject({ channels: 3, height: 24, width: 24, layout: 'channelsFirst' });
    const [finding] = analysis.findings.filter(({ ruleId }) => ruleId === 'NL101');
    expect(finding && readQuery(handOverAt(analysis, finding.at) ?? '').change).toEqual(changes[0]);
  });

  it('is nothing for other layers and for shapes that are not known', () => {
    expect(handOvers('export const f = (x: tf.Tensor) => tf.moments(x, 0);').changes).toEqual([]);
    expect(handOvers('tf.layers.dense({ units: 3 }).apply(tf.ones([2, 4]));').changes).toEqual([]);
  });

  it('leaves out what the playground cannot take', () => {
    const [change] = handOvers(`
      export function f(c: number) {
        const x = tf.ones([100000, 5, 5, c]);
        return tf.moments(x, [0, 1, 2]);
      }`).changes;
    expect(change).toMatchObject({ data: 'images', height: 5 });
    expect(change).not.toHaveProperty('batch');
    expect(change).not.toHaveProperty('channels');
  });
});

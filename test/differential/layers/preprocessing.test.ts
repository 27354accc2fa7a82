import { describeRows } from './rows';
import { ofRank } from './shapes';

describeRows('preprocessing', {
  resizing: (r) => ({
    options: {
      height: r.mostly(r.int(1, 5), [undefined], 0.05),
      width: r.int(1, 5),
      ...r.some({
        interpolation: () => r.mostly(r.pick(['bilinear', 'nearest']), ['cubic'], 0.1),
        cropToAspectRatio: () => r.chance(0.5),
      }),
    },
    inputs: [ofRank(r, r.int(3, 4), 5, 0.1)],
  }),
  centerCrop: (r) => ({
    options: { height: r.int(1, 5), width: r.int(1, 5) },
    inputs: [ofRank(r, r.int(3, 4), 6, 0.1)],
  }),
  randomWidth: (r) => ({
    options: {
      factor: r.mostly<unknown>(
        r.pick<unknown>([0.2, 0.5, [0.1, 0.3], [-0.2, 0.2]]),
        [0, -0.3, [0.3, 0.1], [-2, 0.2], [0.1], undefined],
        0.2,
      ),
      ...r.some({ interpolation: () => r.mostly(r.pick(['bilinear', 'nearest']), ['cubic'], 0.1) }),
    },
    inputs: [ofRank(r, r.int(3, 4), 6, 0.1)],
  }),
  categoryEncoding: (r) => ({
    options: {
      numTokens: r.int(2, 6),
      ...r.some({ outputMode: () => r.pick(['oneHot', 'multiHot', 'count', 'int', 'tfIdf']) }, 0.8),
    },
    inputs: [ofRank(r, r.int(1, 3), 3, 0)],
  }),
  inputLayer: (r) => ({
    options: r.some(
      { inputShape: () => [r.int(1, 3)], batchInputShape: () => [null, 2], batchSize: () => r.int(1, 3) },
      0.5,
    ),
    inputs: [ofRank(r, 2)],
  }),
});

import type { Draws } from './compare';
import type { Random } from './random';
import { describeRows } from './rows';
import { activation, initializer, ofRank } from './shapes';

const any =
  (options: (r: Random) => Record<string, unknown>, low = 1, high = 5): Draws =>
  (r) => {
    const input = ofRank(r, r.int(low, high), 4, 0);
    return { options: options(r), inputs: r.chance(0.04) ? [input, input] : [input] };
  };

const rate = (r: Random): Record<string, unknown> => ({ rate: r.pick([0, 0.2, 0.5, 1, 1.5]) });

describeRows('layers that leave the shape alone', {
  activation: any((r) => ({ activation: activation(r) }), 2),
  reLU: any((r) => r.some({ maxValue: () => r.pick([6, 1, 0, -1]) })),
  leakyReLU: any((r) => r.some({ alpha: () => r.pick([0.1, 0.3]) })),
  thresholdedReLU: any((r) => r.some({ theta: () => r.pick([0.5, 1]) })),
  elu: any((r) => r.some({ alpha: () => r.pick([1, 1, 0.5, '1']) })),
  softmax: any((r) => r.some({ axis: () => r.pick([-1, 0, 1, 2, 3, [1], [-1], [0, 1], [2]]) }, 0.7)),
  prelu: (r) => {
    const input = ofRank(r, r.int(1, 5), 4, 0);
    const axis = (): number => r.int(0, input.length);
    const options = r.some({
      sharedAxes: () => r.mostly(r.pick([axis(), [axis()], [axis(), axis()]]), ['1', true], 0.08),
      alphaInitializer: () => initializer(r),
      trainable: () => r.chance(0.5),
    });
    return { options, inputs: [input] };
  },
  masking: any((r) => r.some({ maskValue: () => r.pick([0, -1]) }), 2),
  rescaling: any((r) => ({ scale: r.mostly(0.5, [undefined, null], 0.1), ...r.some({ offset: () => -1 }) })),
  dropout: any(rate),
  gaussianDropout: any(rate),
  alphaDropout: any(rate),
  gaussianNoise: any((r) => ({ stddev: r.pick([0.1, 1]) })),
  spatialDropout1d: (r) => ({ options: rate(r), inputs: [ofRank(r, 3)] }),
});

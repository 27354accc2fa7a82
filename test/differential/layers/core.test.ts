import type { InputShape } from './oracle';
import type { Random } from './random';
import { describeRows } from './rows';
import { activation, batch, initializer, ofRank, openSize } from './shapes';

const anyRank = (r: Random, low = 1, high = 5): InputShape => ofRank(r, r.int(low, high), 4, 0);

const oneOrTwo = (r: Random, draw: () => InputShape): InputShape[] => (r.chance(0.03) ? [draw(), draw()] : [draw()]);

/** A target that holds the input's elements, or now and then does not. */
function targetOf(r: Random, input: InputShape): number[] {
  const size = input.slice(1).reduce<number>((n, d) => n * (d ?? r.int(1, 4)), 1);
  const factors: number[] = [];
  let rest = size;
  while (rest > 1 && factors.length < 3) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0);
    const factor = r.pick(divisors);
    factors.push(factor);
    rest /= factor;
  }
  const target = r.shuffled([...factors, rest]);
  if (r.chance(0.4)) target[r.int(0, target.length - 1)] = -1;
  if (r.chance(0.1)) target[r.int(0, target.length - 1)] = r.int(1, 7);
  if (r.chance(0.05)) target.push(-1);
  return target;
}

describeRows('core layers', {
  dense: (r) => ({
    options: {
      units: r.mostly(r.int(1, 6), [0, -3, 1.5, '4', undefined, null], 0.1),
      ...r.some(
        {
          useBias: () => r.chance(0.5),
          activation: () => activation(r),
          kernelInitializer: () => initializer(r),
          kernelRegularizer: () => r.mostly('l1l2', ['l2', 'l1'], 0.2),
          kernelConstraint: () => r.mostly('maxNorm', ['max_norm'], 0.2),
          trainable: () => r.chance(0.5),
        },
        0.25,
      ),
    },
    inputs: oneOrTwo(r, () => anyRank(r, 1, 5)),
  }),
  flatten: (r) => ({
    options: r.some({ dataFormat: () => r.pick(['channelsLast', 'channelsFirst']) }),
    inputs: oneOrTwo(r, () => anyRank(r, 2, 5)),
  }),
  repeatVector: (r) => ({ options: { n: r.int(1, 5) }, inputs: oneOrTwo(r, () => ofRank(r, 2, 6)) }),
  reshape: (r) => {
    const input = [batch(r), ...Array.from({ length: r.int(1, 3) }, () => openSize(r, 1, 6, 0.08))];
    return { options: { targetShape: targetOf(r, input) }, inputs: [input] };
  },
  permute: (r) => {
    const rank = r.int(1, 4);
    const dims = r.shuffled(Array.from({ length: rank }, (_, i) => i + 1));
    return {
      options: { dims: r.mostly(dims, [dims.map((d) => d - 1), [...dims, 2], undefined, null, 3, [1, 1]], 0.12) },
      inputs: [ofRank(r, rank + 1)],
    };
  },
  embedding: (r) => {
    const input = anyRank(r, 1, 4);
    const lengths = input.slice(1).map((d) => (r.chance(0.15) ? (d ?? 1) + 1 : (d ?? r.int(1, 4))));
    return {
      options: {
        inputDim: r.mostly(r.int(1, 9), [0, -1, 2.5, undefined], 0.06),
        outputDim: r.mostly(r.int(1, 5), [0, undefined, '3'], 0.06),
        ...r.some(
          {
            inputLength: () => (lengths.length === 1 && r.chance(0.5) ? lengths[0] : lengths),
            maskZero: () => false,
            embeddingsInitializer: () => initializer(r),
            trainable: () => r.chance(0.5),
          },
          0.3,
        ),
      },
      inputs: oneOrTwo(r, () => input),
    };
  },
});

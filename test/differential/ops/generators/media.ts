import { type Arg, FunctionArg, OpaqueArg, T } from '../arguments';
import type { Random } from '../random';
import { axis, type Generators, maybe, number, partner, trimmed } from './common';
import { matrices } from './linear';

const picture = (r: Random, c = r.int(1, 3)): number[] =>
  r.mostly([r.int(1, 2), r.int(1, 4), r.int(1, 4), c], [3, 3, c], [3, c]);

const size = (r: Random): Arg => r.mostly<Arg>([r.int(1, 5), r.int(1, 5)], [3], [2, 2, 2], 4, undefined);

const resize = (r: Random): readonly Arg[] =>
  trimmed(
    r,
    T(picture(r), r.mostly('float32', 'int32', 'bool')),
    size(r),
    r.pick<Arg>(undefined, false, true),
    r.pick<Arg>(undefined, false, true),
  );

const boxes = (extra: (r: Random) => Arg) => (r: Random) => {
  const n = r.int(1, 4);
  return trimmed(
    r,
    T(r.mostly([n, 4], [n, 3], [4]), r.mostly('float32', 'int32')),
    T(r.mostly([n], [n + 1], [n, 1])),
    r.int(1, 5),
    r.mostly<Arg>(r.pick<Arg>(undefined, 0.5), 2, -1),
    r.pick<Arg>(undefined, 0.2),
    extra(r),
  );
};

const nms = boxes(() => undefined);
const scored = boxes((r) => r.mostly<Arg>(r.pick<Arg>(undefined, 0.3), 2));
const padded = boxes((r) => r.pick<Arg>(undefined, true, false));

const pixels = (r: Random): readonly Arg[] => {
  const [width, height] = [r.int(1, 4), r.int(1, 4)];
  const picture = new OpaqueArg({ data: new Uint8Array(width * height * 4), width, height });
  return trimmed(r, r.mostly<Arg>(picture, undefined), r.mostly<Arg>(r.pick<Arg>(undefined, 1, 3, 4), 5));
};

const complex = (r: Random): readonly Arg[] => [r.mostly<Arg>(T(r.shape(r.int(1, 3)), 'complex64'), T(r.shape(2)), 3)];

const rfft = (r: Random): readonly Arg[] =>
  trimmed(r, r.mostly<Arg>(T(r.shape(r.int(1, 3), 6)), T([4], 'int32')), r.pick<Arg>(undefined, r.int(1, 8)));

const reduction = (r: Random): Arg => r.mostly<Arg>(r.pick<Arg>(undefined, 0, 1, 2, 3), 7);

const loss = (middle?: (r: Random) => Arg) => (r: Random) => {
  const shape = r.shape(r.int(1, 3));
  const labels = T(shape, r.mostly('float32', 'int32'));
  const predictions = T(r.mostly(shape, partner(r, shape)), r.mostly('float32', 'int32'));
  const weights = r.mostly<Arg>(r.pick<Arg>(undefined, T(partner(r, shape))), T(shape));
  return trimmed(r, labels, predictions, weights, ...(middle === undefined ? [] : [middle(r)]), reduction(r));
};

const fusedConv = (depthwise: boolean) => (r: Random) => {
  const c = r.int(1, 3);
  const out = r.int(1, 3);
  const channels = depthwise ? c * out : out;
  return [
    {
      x: T(r.mostly([r.int(1, 2), r.int(3, 6), r.int(3, 6), c], [5, 5, c], [5, c])),
      filter: T(r.mostly([r.int(1, 3), r.int(1, 3), r.mostly(c, c + 1), out], [3, c, out])),
      strides: r.mostly<Arg>(r.int(1, 2), undefined),
      pad: r.mostly<Arg>(r.pick<Arg>('same', 'valid'), 'full', 1),
      ...(r.chance(0.2) ? { dilations: r.pick<Arg>(1, 2) } : {}),
      ...(r.chance(0.6) ? { bias: T(r.mostly(r.pick([channels], []), [channels + 1])) } : {}),
      ...(r.chance(0.6)
        ? { activation: r.mostly('relu', 'linear', 'elu', 'sigmoid', 'relu6', 'leakyrelu', 'softmax') }
        : {}),
    },
  ] as readonly Arg[];
};

export const media: Generators = {
  'image.resizeBilinear': resize,
  'image.resizeNearestNeighbor': resize,
  '.resizeBilinear': resize,
  '.resizeNearestNeighbor': resize,
  'image.flipLeftRight': (r) => [T(picture(r), r.mostly('float32', 'int32'))],
  'image.rotateWithOffset': (r) => trimmed(r, T(picture(r), r.mostly('float32', 'int32')), 0.5, maybe(r, 0)),
  'image.grayscaleToRGB': (r) => [T(r.mostly([...r.shape(r.int(1, 3)), 1], [3, 2], [1]), r.mostly('float32', 'int32'))],
  'image.rgbToGrayscale': (r) => [
    T(r.mostly([...r.shape(r.int(1, 3)), 3], [3, 2], [3]), r.mostly('float32', 'int32', 'bool')),
  ],
  'image.cropAndResize': (r) => {
    const n = r.int(1, 3);
    return trimmed(
      r,
      T(r.mostly([2, 4, 4, 2], [4, 4, 2])),
      T(r.mostly([n, 4], [n, 3]), r.mostly('float32', 'int32')),
      T(r.mostly([n], [n + 1]), r.mostly('int32', 'float32'), 2),
      r.mostly<Arg>([2, r.int(1, 5)], [0, 1], [3], undefined),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'nearest', 'bilinear'), 'cubic'),
    );
  },
  'image.transform': (r) => {
    const b = r.int(1, 3);
    return trimmed(
      r,
      T(r.mostly([b, 3, 3, 2], [3, 3, 2])),
      T(r.mostly([r.pick(b, 1), 8], [b + 1, 8], [b, 7], [8])),
      maybe<Arg>(r, 'bilinear'),
      maybe<Arg>(r, 'reflect'),
      maybe(r, 0),
      r.mostly<Arg>(r.pick<Arg>(undefined, [2, 5]), [2]),
    );
  },
  'image.threshold': (r) =>
    trimmed(
      r,
      T(r.mostly([3, 3, r.pick(1, 3)], [3, 3, 2], [3, 3]), r.mostly('float32', 'int32', 'bool')),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'binary', 'binary', 'binary'), 'median'),
      maybe(r, true),
      maybe(r, 0.3),
    ),
  'image.nonMaxSuppression': nms,
  'image.nonMaxSuppressionAsync': nms,
  'image.nonMaxSuppressionWithScore': scored,
  'image.nonMaxSuppressionWithScoreAsync': scored,
  'image.nonMaxSuppressionPadded': padded,
  'image.nonMaxSuppressionPaddedAsync': padded,
  'browser.fromPixels': pixels,
  'browser.fromPixelsAsync': pixels,
  'browser.toPixels': (r) => [
    T(r.mostly([2, 3, r.pick(1, 3, 4)], [2, 3], [2, 3, 2], [2], [2, 2, 5]), r.mostly('float32', 'int32', 'bool'), 1),
  ],
  fft: complex,
  ifft: complex,
  irfft: complex,
  rfft,
  '.rfft': rfft,
  'spectral.fft': complex,
  'spectral.ifft': complex,
  'spectral.irfft': complex,
  'spectral.rfft': rfft,
  'signal.frame': (r) =>
    trimmed(r, T([r.int(1, 12)], number(r)), r.int(1, 5), r.int(1, 4), maybe(r, true), maybe(r, 0)),
  'signal.stft': (r) => trimmed(r, T([r.int(5, 12)]), r.int(2, 5), r.int(1, 4), maybe(r, r.int(2, 8))),
  'signal.hannWindow': (r) => [r.mostly<Arg>(r.int(1, 9), -1, undefined)],
  'signal.hammingWindow': (r) => [r.mostly<Arg>(r.int(1, 9), -1)],
  cosineWindow: (r) => [r.mostly<Arg>(r.int(1, 9), -1), 0.5, 0.5],
  enclosingPowerOfTwo: (r) => [r.int(1, 40)],
  'losses.absoluteDifference': loss(),
  'losses.meanSquaredError': loss(),
  'losses.hingeLoss': loss(),
  'losses.huberLoss': loss((r) => r.pick<Arg>(undefined, 0.5)),
  'losses.logLoss': loss((r) => r.pick<Arg>(undefined, 1e-6)),
  'losses.sigmoidCrossEntropy': loss((r) => r.pick<Arg>(undefined, 0.1)),
  'losses.softmaxCrossEntropy': (r) => {
    const shape = r.shape(r.int(1, 3));
    const smoothing = r.pick<Arg>(undefined, 0.1);
    const weights = r.pick<Arg>(undefined, T(r.mostly(shape.slice(0, -1), partner(r, shape))));
    return trimmed(
      r,
      T(shape, r.mostly('float32', 'int32')),
      T(r.mostly(shape, partner(r, shape))),
      weights,
      smoothing,
      reduction(r),
    );
  },
  'losses.cosineDistance': (r) => {
    const shape = r.shape(r.int(1, 3));
    return trimmed(
      r,
      T(shape),
      T(r.mostly(shape, partner(r, shape))),
      r.mostly<Arg>(r.int(0, shape.length - 1), axis(r, shape.length)),
      undefined,
      reduction(r),
    );
  },
  'losses.computeWeightedLoss': (r) => {
    const shape = r.shape(r.int(0, 3));
    return trimmed(
      r,
      T(shape, r.mostly('float32', 'int32')),
      r.mostly<Arg>(r.pick<Arg>(undefined, T(partner(r, shape))), T(shape)),
      reduction(r),
    );
  },
  movingAverage: (r) => {
    const shape = r.shape(r.int(0, 3));
    return trimmed(
      r,
      T(shape, number(r)),
      T(r.mostly(shape, partner(r, shape)), number(r)),
      r.mostly<Arg>(0.9, T([1])),
      r.mostly<Arg>(3, undefined),
      r.pick<Arg>(undefined, true, false),
    );
  },
  multiRNNCell: (r) => {
    const state = T([2, 3]);
    const cell = new FunctionArg(((data: unknown, c: unknown, h: unknown) => [c, h ?? data]) as never);
    return [r.pick<Arg>([cell], [cell]), T([2, 3]), [state], [state]];
  },
  'fused.matMul': (r) => {
    const { a, b, ta, tb, out } = matrices(r);
    return [
      {
        a: T(a, number(r)),
        b: T(b, number(r)),
        ...(ta ? { transposeA: true } : {}),
        ...(tb ? { transposeB: true } : {}),
        ...(r.chance(0.5) ? { bias: T(r.mostly(out.slice(-1), [], partner(r, out))) } : {}),
        ...(r.chance(0.6) ? { activation: r.mostly('relu', 'linear', 'elu', 'sigmoid', 'leakyrelu', 'softmax') } : {}),
      },
    ];
  },
  'fused.conv2d': fusedConv(false),
  'fused.depthwiseConv2d': fusedConv(true),
};

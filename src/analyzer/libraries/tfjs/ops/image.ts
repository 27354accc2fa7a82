import { certainlyDiffer } from '../../../shapes/bounds';
import { apply, type Dim, isPoly, showDim, symbol } from '../../../shapes/dim';
import { type Axis, axis, type Role, resized, type Shape, showShape, unknownOfRank } from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isRecord, type PlainTensor } from '../../plain';
import { checkRank, rankOf, withRole } from './axes';
import { splitBatch } from './images';
import { isAbsent, isList, operand, type ParseAs, sizesOf, truthy } from './operands';
import { METHOD_ONLY, no, row } from './row';

/** An image of another size: batch and channels stay. */
function imageOf(s: readonly Axis[], size: readonly Dim[]): readonly Axis[] {
  const { batch, rest } = splitBatch(s, 4);
  const [h, w, c] = rest;
  const to = (a: Axis | undefined, d: Dim | undefined, role: Role) =>
    withRole(a === undefined ? axis(d ?? '?') : resized(a, d ?? '?'), role);
  const image = [to(h, size[0], 'height'), to(w, size[1], 'width'), c ?? axis('?', 'channel')];
  return batch === undefined ? image : [withRole(batch, 'batch'), ...image];
}

function resize(name: string, method: boolean): OpSpec {
  const full = method ? name : `image.${name}`;
  return row(
    full,
    'images size alignCorners halfPixelCenters',
    (call) => {
      const x = operand(call, name, 'images');
      checkRank(x, [3, 4], name, `Error in ${name}: x must be rank 3 or 4, but got rank $.`, 'images');
      const raw = call.get('size');
      if (isAbsent(raw)) no('option', `${name} needs the new size`, undefined, 'size');
      const size = sizesOf(raw);
      if ((size !== undefined && size.length !== 2) || typeof raw === 'number')
        no(
          'option',
          `${name} takes its size as [height, width]`,
          `Error in ${name}: new shape must 2D, but got shape`,
          'size',
        );
      if (name === 'resizeNearestNeighbor' && x.dtype === 'bool')
        no(
          'dtype',
          `${name} wants an int32 or float32 tensor, not bool`,
          '`images` must have `int32` or `float32` as dtype',
          'images',
        );
      if (truthy(call, 'alignCorners') === true && truthy(call, 'halfPixelCenters') === true)
        no(
          'option',
          `${name} aligns corners or takes half pixel centers, not both`,
          `Error in ${name}: If halfPixelCenters is true`,
          'halfPixelCenters',
        );
      const bad = size?.find((d) => typeof d === 'number' && d < 0);
      if (bad !== undefined) no('option', `${name} cannot make a size of ${showDim(bad)}`, undefined, 'size');
      const s: Shape = x.shape === null ? null : imageOf(x.shape, size ?? ['?', '?']);
      return tensor(s, name === 'resizeBilinear' ? 'float32' : x.dtype);
    },
    method ? METHOD_ONLY : {},
  );
}

/** An op on a batch of images that keeps their shape. */
function onBatch(name: string, params: string, as: ParseAs = 'float32'): OpSpec {
  return row(`image.${name}`, params, (call) => {
    const image = operand(call, name, 'image', { as });
    checkRank(image, [4], name, `Error in ${name}: image must be rank 4,but got rank $.`, 'image');
    return tensor(image.shape, image.dtype);
  });
}

function channels(name: string, described: string, from: number, to: number): OpSpec {
  return row(`image.${name}`, 'image', (call) => {
    const image = operand(call, described, 'image');
    const rank = rankOf(image);
    if (rank !== undefined && rank < 2)
      no(
        'rank',
        `${name} wants rank 2 or more, not ${rank}`,
        `Error in ${described}: images must be at least rank 2, but got rank ${rank}.`,
        'image',
      );
    const last = image.shape?.[image.shape.length - 1];
    if (last !== undefined && certainlyDiffer(last.dim, from))
      no(
        'channels',
        `${name} wants ${from} channel${from === 1 ? '' : 's'} last, not ${showDim(last.dim)}`,
        `Error in ${described}: last dimension of `,
        'image',
      );
    if (rank !== undefined && rank > 6 && from === 3)
      no('rank', `${name} of a tensor of rank ${rank}`, 'Not a valid tensor rank.', 'image');
    if (image.shape === null) return tensor(null, image.dtype);
    return tensor([...image.shape.slice(0, -1), axis(to, 'channel')], image.dtype);
  });
}

function cropAndResize(call: OpCall): OpResult {
  const op = 'cropAndResize';
  const image = operand(call, op, 'image');
  const boxes = operand(call, op, 'boxes', { as: 'float32' });
  const boxInd = operand(call, op, 'boxInd', { as: 'int32' });
  checkRank(image, [4], op, 'Error in cropAndResize: image must be rank 4,but got rank $.', 'image');
  checkBoxes(boxes, 'Error in cropAndResize: boxes must be have size [');
  const count = boxes.shape?.[0]?.dim;
  const rank = rankOf(boxInd);
  if (
    (rank !== undefined && rank !== 1) ||
    (count !== undefined && certainlyDiffer(boxInd.shape?.[0]?.dim ?? '?', count))
  )
    no(
      'broadcast',
      `${op} wants an image index for each box, not ${showShape(boxInd.shape)}`,
      'Error in cropAndResize: boxInd must be have size [',
      'boxInd',
    );
  const raw = call.get('cropSize');
  if (isAbsent(raw)) no('option', `${op} needs the size of the crops`, undefined, 'cropSize');
  const size = sizesOf(raw);
  if ((size !== undefined && size.length !== 2) || typeof raw === 'number')
    no(
      'option',
      `${op} takes its size as [height, width]`,
      'Error in cropAndResize: cropSize must be of length 2, but got length',
      'cropSize',
    );
  if (size?.some((d) => typeof d === 'number' && d < 1))
    no(
      'option',
      `${op} cannot make crops of ${size.map(showDim).join('×')}`,
      'cropSize must be atleast [1,1], but was',
      'cropSize',
    );
  const method = call.get('method');
  if (typeof method === 'string' && method !== 'bilinear' && method !== 'nearest')
    no(
      'option',
      `${op} knows bilinear and nearest, not ${method}`,
      `method must be bilinear or nearest, but was ${method}`,
      'method',
    );
  const [h, w] = size ?? ['?', '?'];
  return tensor(
    [axis(count ?? '?'), axis(h ?? '?', 'height'), axis(w ?? '?', 'width'), image.shape?.[3] ?? axis('?', 'channel')],
    'float32',
  );
}

function checkBoxes(boxes: PlainTensor, original: string): void {
  const rank = rankOf(boxes);
  if ((rank !== undefined && rank !== 2) || certainlyDiffer(boxes.shape?.[1]?.dim ?? '?', 4))
    no('rank', `boxes must be [n, 4], not ${showShape(boxes.shape)}`, original, 'boxes');
}

function transform(call: OpCall): OpResult {
  const op = 'transform';
  const image = operand(call, op, 'image', { as: 'float32' });
  const transforms = operand(call, op, 'transforms', { as: 'float32' });
  checkRank(image, [4], op, 'Error in transform: image must be rank 4,but got rank $.', 'image');
  const [n, eight] = transforms.shape ?? [];
  const batch = image.shape?.[0]?.dim ?? '?';
  const wrong =
    (transforms.shape !== null && transforms.shape.length !== 2) ||
    certainlyDiffer(eight?.dim ?? '?', 8) ||
    (certainlyDiffer(n?.dim ?? '?', batch) && certainlyDiffer(n?.dim ?? '?', 1));
  if (wrong)
    no(
      'broadcast',
      `transforms must be [batch or 1, 8], not ${showShape(transforms.shape)}`,
      'Error in transform: Input transform should be batch x 8 or 1 x 8',
      'transforms',
    );
  const raw = call.get('outputShape');
  const size = sizesOf(raw);
  if (size !== undefined && size.length !== 2)
    no(
      'option',
      `${op} takes its output shape as [height, width]`,
      'Error in transform: outputShape must be [height, width] or null',
      'outputShape',
    );
  if (image.shape === null) return tensor(isAbsent(raw) ? null : unknownOfRank(4), 'float32');
  return tensor(isAbsent(raw) ? image.shape : imageOf(image.shape, size ?? ['?', '?']), 'float32');
}

function threshold(call: OpCall): OpResult {
  const op = 'threshold';
  const image = operand(call, op, 'image');
  checkRank(image, [3], op, 'Error in threshold: image must be rank 3,but got rank $.', 'image');
  const c = image.shape?.[2]?.dim ?? '?';
  if (certainlyDiffer(c, 3) && certainlyDiffer(c, 1))
    no(
      'channels',
      `threshold wants 1 or 3 channels, not ${showDim(c)}`,
      'Error in threshold: image color channel must be equal to 3 or 1',
      'image',
    );
  if (image.dtype === 'bool')
    no(
      'dtype',
      'threshold wants an int32 or float32 image, not bool',
      'Error in dtype: image dtype must be int32 or float32,but got dtype bool.',
      'image',
    );
  const method = call.get('method');
  if (typeof method === 'string' && method !== 'otsu' && method !== 'binary')
    no(
      'option',
      `threshold knows binary and otsu, not ${method}`,
      `Method must be binary or otsu, but was ${method}`,
      'method',
    );
  if (image.shape === null) return tensor(unknownOfRank(3), 'int32');
  return tensor([...image.shape.slice(0, 2), axis(c === '?' || c === null ? '?' : 1, 'channel')], 'int32');
}

/** Non-max suppression picks boxes by their scores: how many, only the data know. */
function suppression(
  name: string,
  params: string,
  results: (count: Dim, padded: boolean | undefined) => OpResult,
  async: boolean,
): OpSpec {
  // The asynchronous forms complain under their own name, the others under that of the plain one.
  const op = async ? 'nonMaxSuppressionAsync' : 'nonMaxSuppression';
  const as: ParseAs = name === 'nonMaxSuppression' ? 'float32' : 'numeric';
  return row(
    `image.${name}`,
    params,
    (call) => {
      const boxes = operand(call, op, 'boxes', { as });
      const scores = operand(call, op, 'scores', { as });
      for (const param of ['iouThreshold', 'softNmsSigma']) {
        const value = call.get(param);
        if (typeof value === 'number' && !(value >= 0 && value <= 1) && param === 'iouThreshold')
          no(
            'option',
            `${param} must be between 0 and 1, not ${value}`,
            `${param} must be in [0, 1], but was '${value}'`,
            param,
          );
      }
      checkRank(boxes, [2], name, "boxes must be a 2D tensor, but was of rank '$'", 'boxes');
      checkBoxes(boxes, 'boxes must have 4 columns, but 2nd dimension was');
      checkRank(scores, [1], name, 'scores must be a 1D tensor', 'scores');
      if (certainlyDiffer(scores.shape?.[0]?.dim ?? '?', boxes.shape?.[0]?.dim ?? '?'))
        no(
          'broadcast',
          `${showShape(scores.shape)} scores for ${showShape(boxes.shape)} boxes`,
          'scores has incompatible shape with boxes. Expected',
          'scores',
        );
      const sigma = call.get('softNmsSigma');
      if (typeof sigma === 'number' && !(sigma >= 0 && sigma <= 1))
        no(
          'option',
          `softNmsSigma must be between 0 and 1, not ${sigma}`,
          `softNmsSigma must be in [0, 1], but was '${sigma}'`,
          'softNmsSigma',
        );
      const most = apply('min', [call.size('maxOutputSize'), boxes.shape?.[0]?.dim ?? '?'], Math.min);
      return results(most, truthy(call, 'padToMaxOutputSize'));
    },
    async ? { async } : {},
  );
}

const picked = (count: Dim = '?') => tensor([axis(count)], 'int32');

const NMS = 'boxes scores maxOutputSize iouThreshold scoreThreshold';

function suppressions(suffix: string): readonly OpSpec[] {
  const async = suffix !== '';
  return [
    suppression(`nonMaxSuppression${suffix}`, NMS, () => picked(), async),
    suppression(
      `nonMaxSuppressionWithScore${suffix}`,
      `${NMS} softNmsSigma`,
      () => ({
        kind: 'record',
        tensors: { selectedIndices: picked(), selectedScores: tensor([axis('?')], 'float32') },
      }),
      async,
    ),
    suppression(
      `nonMaxSuppressionPadded${suffix}`,
      `${NMS} padToMaxOutputSize`,
      (most, padded) => ({
        kind: 'record',
        tensors: { selectedIndices: picked(padded === true ? most : '?'), validOutputs: tensor([], 'int32') },
      }),
      async,
    ),
  ];
}

/** `tf.browser.fromPixels`: height and width are those of the picture. */
function fromPixels(name: string, async: boolean): OpSpec {
  return row(
    `browser.${name}`,
    'pixels numChannels',
    (call) => {
      const raw = call.get('numChannels');
      if (typeof raw === 'number' && raw > 4)
        no(
          'option',
          `pixels have at most 4 channels, not ${raw}`,
          'Cannot construct Tensor with more than 4 channels from pixels.',
          'numChannels',
        );
      if (isAbsent(call.get('pixels'))) no('argument-count', `${name} needs a picture`, undefined, 'pixels');
      const c = raw === undefined ? 3 : call.size('numChannels');
      return tensor([pixelsOf(call, 'height'), pixelsOf(call, 'width'), axis(c, 'channel')], 'int32');
    },
    async ? { async } : {},
  );
}

/** Of image data the size is known; of other pictures it has a name of its own, since a video has several heights. */
function pixelsOf(call: OpCall, which: 'height' | 'width'): Axis {
  const pixels = call.get('pixels');
  const size = isRecord(pixels) ? pixels.entries.get(which) : undefined;
  if (typeof size === 'number' || isPoly(size)) return axis(size, which);
  return axis(symbol(`${call.nameOf('pixels') ?? 'pixels'}.${which}`), which);
}

function toPixels(name: string, params: string, async: boolean): OpSpec {
  return row(
    `browser.${name}`,
    params,
    (call) => {
      const img = operand(call, name === 'draw' ? 'draw' : 'toPixels', params.split(' ')[0] ?? 'img', {
        argument: 'img',
      });
      checkRank(img, [2, 3], name, 'toPixels only supports rank 2 or 3 tensors, got rank $.', 'img');
      const depth = rankOf(img) === 3 ? (img.shape?.[2]?.dim ?? '?') : 1;
      if (typeof depth === 'number' && (depth > 4 || depth === 2))
        no(
          'channels',
          `a picture has 1, 3 or 4 channels, not ${depth}`,
          `toPixels only supports depth of size 1, 3 or 4 but got ${depth}`,
          'img',
        );
      if (img.dtype === 'bool' && !isList(call.get(params.split(' ')[0] ?? 'img')))
        no('dtype', 'a picture is float32 or int32, not bool', 'Unsupported type for toPixels: bool.', 'img');
      return { kind: 'value', value: undefined };
    },
    async ? { async } : {},
  );
}

export const imageOps: readonly OpSpec[] = [
  ...['resizeBilinear', 'resizeNearestNeighbor'].flatMap((name) => [resize(name, false), resize(name, true)]),
  onBatch('flipLeftRight', 'image'),
  onBatch('rotateWithOffset', 'image radians fillValue center'),
  channels('grayscaleToRGB', 'grayscaleToRGB', 1, 3),
  channels('rgbToGrayscale', 'RGBToGrayscale', 3, 1),
  row('image.cropAndResize', 'image boxes boxInd cropSize method extrapolationValue', cropAndResize),
  row('image.transform', 'image transforms interpolation fillMode fillValue outputShape', transform),
  row('image.threshold', 'image method inverted threshValue', threshold),
  ...suppressions(''),
  ...suppressions('Async'),
  fromPixels('fromPixels', false),
  fromPixels('fromPixelsAsync', true),
  toPixels('toPixels', 'img canvas', true),
  toPixels('draw', 'image canvas options', false),
];

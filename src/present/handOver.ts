import type { CallSummary, FileAnalysis, LayerSummary, ShapeSummary } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';
import { type Change, type PropertyName, property, queryOf, readChange } from '../shared/playground';
import { type Spot, spotOf, spotsOf } from './lookup';
import { listShapes } from './shapes';

/** The batch where code leaves it open: what `fit` takes by default. */
const DEFAULT_BATCH = 32;

/** Layers and ops that the playground can show, with the norm that each is. */
const NORM_LAYERS: Readonly<Record<string, 'batch' | 'layer'>> = {
  batchNormalization: 'batch',
  layerNormalization: 'layer',
};
const NORM_OPS: Readonly<Record<string, 'batch' | undefined>> = {
  'tf.batchNorm': 'batch',
  'tf.batchNorm2d': 'batch',
  'tf.batchNorm3d': 'batch',
  'tf.batchNorm4d': 'batch',
  'tf.moments': undefined,
};

/** What tfjs takes where an option is not written. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  batchNormalization: { axis: -1, epsilon: 1e-3, momentum: 0.99 },
  layerNormalization: { axis: -1, epsilon: 1e-3 },
};

interface Normalization {
  readonly name: string;
  readonly norm: 'batch' | 'layer' | undefined;
  readonly shape: ShapeSummary;
  readonly settings: Readonly<Record<string, number | readonly number[]>>;
}

/** What the playground is opened with for the normalization at a place; undefined where there is none, or of no known rank. */
export function handOverAt(analysis: FileAnalysis, place: Place): string | undefined {
  const spot = spotOf(analysis, place);
  return spot && queryAt(made(spot, spotsOf(analysis)));
}

/** Every normalization of the file that can be shown, in the order of the text. */
export function handOversOf(analysis: FileAnalysis): readonly { readonly at: Place; readonly query: string }[] {
  const spots = spotsOf(analysis);
  return [...new Set(spots.map((spot) => made(spot, spots)))].flatMap((spot) => {
    const query = queryAt(spot);
    return query === undefined ? [] : [{ at: spot.at, query }];
  });
}

/**
 * What any layer of a model means to the playground: a norm its input and options, another layer the output that a norm
 * behind it would see. Undefined where the rank is unknown.
 */
export function changeOfLayer({ name, type, inputShape, outputShape, settings }: LayerSummary): Change | undefined {
  const norm = Object.hasOwn(NORM_LAYERS, type) ? NORM_LAYERS[type] : undefined;
  const shape = listShapes(norm === undefined ? outputShape : inputShape)[0] ?? null;
  return changeOf({ name, norm, shape, settings: norm === undefined ? {} : { ...DEFAULTS[type], ...settings } });
}

/** `model.add(tf.layers.…({…}))` is a call of the layer that is made inside it, and of that more is known. */
function made(spot: Spot, spots: readonly Spot[]): Spot {
  if (spot.layers.length > 0 || normalizationOf(spot) === undefined) return spot;
  const within = ({ at, layers }: Spot) =>
    layers.length > 0 && spot.at.start <= at.start && at.end <= spot.at.end && at.file === spot.at.file;
  return spots.find((other) => within(other) && normalizationOf(other) !== undefined) ?? spot;
}

function queryAt(spot: Spot): string | undefined {
  const found = normalizationOf(spot);
  const change = found && changeOf(found);
  return change && queryOf(change);
}

function normalizationOf({ call, layers }: Spot): Normalization | undefined {
  const layer = layers.find(({ type }) => Object.hasOwn(NORM_LAYERS, type));
  if (layer !== undefined) {
    const { name, type, settings = {} } = layer;
    return { name, norm: NORM_LAYERS[type], shape: listShapes(layer.inputShape)[0] ?? null, settings };
  }
  return call && normalizingCall(call);
}

function normalizingCall({ api, inputShapes }: CallSummary): Normalization | undefined {
  const shape = inputShapes[0] ?? null;
  const type = api.replace('tf.layers.', '');
  if (Object.hasOwn(NORM_LAYERS, type)) return { name: type, norm: NORM_LAYERS[type], shape, settings: {} };
  return Object.hasOwn(NORM_OPS, api) ? { name: api, norm: NORM_OPS[api], shape, settings: {} } : undefined;
}

/** Settings from a shape and a layer's options. What is unknown, or larger than the playground takes, is left at its default. */
function changeOf({ name, norm, shape, settings }: Normalization): Change | undefined {
  if (shape === null || shape.length < 2 || shape.length > 5) return undefined;
  const rank = shape.length;
  const { axis = -1, epsilon, momentum } = settings;
  const first = norm === 'batch' && axis === 1 && rank > 2;
  const channels = first ? shape[1] : shape[rank - 1];
  const spatial = first ? shape.slice(2) : shape.slice(1, -1);
  // Of a volume the picture has depth and height together.
  const places = spatial.length < 3 ? spatial : [product(spatial.slice(0, -1)), spatial.at(-1)];
  const reading = readChange(
    Object.fromEntries(
      Object.entries({
        scene: 'axes',
        layer: fitting(
          'layer',
          `${name} [${shape.map((dim) => (typeof dim === 'number' ? dim : 'null')).join(' x ')}]`,
        ),
        data: rank === 2 ? 'features' : rank === 3 ? 'sequences' : 'images',
        batch: typeof shape[0] === 'number' ? shape[0] : DEFAULT_BATCH,
        channels,
        height: places[0],
        width: places[1],
        layout: first ? 'channelsFirst' : 'channelsLast',
        norm: norm === 'layer' && rank > 2 && isLastAlone(axis, rank) ? 'layerChannels' : norm,
        epsilon,
        momentum,
      }).filter(([, value]) => typeof value === 'number' || typeof value === 'string'),
    ),
  );
  return reading.change;
}

const isLastAlone = (axis: number | readonly number[], rank: number): boolean =>
  [axis].flat().every((one) => one === -1 || one === rank - 1);

const product = (dims: ShapeSummary & object): number | undefined =>
  dims.reduce<number | undefined>(
    (all, dim) => (all === undefined || typeof dim !== 'number' ? undefined : all * dim),
    1,
  );

/** Words that a text property takes, or nothing. */
const fitting = (name: PropertyName, words: string): string | undefined =>
  property(name).read(words) === undefined ? undefined : words;

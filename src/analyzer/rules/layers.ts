/** What rules ask of layers: their options with defaults, their axes, what they do to what flows through them. */
import { type Dim, total } from '../shapes/dim';
import { axisIndex, type Shape } from '../shapes/shape';
import type { LayerCallFact, LayerFact, OptionValue, Place, TensorFact } from '../trace/facts';
import { within } from './words';

export const isBatchNorm = (layer: LayerFact): boolean => layer.type === 'batchNormalization';
export const isLayerNorm = (layer: LayerFact): boolean => layer.type === 'layerNormalization';
export const isNorm = (layer: LayerFact): boolean => isBatchNorm(layer) || isLayerNorm(layer);

/** An option as the layer sees it; `undefined` where it is not known. Absent, undefined and null give the fallback. */
export function option(layer: LayerFact, key: string, fallback: OptionValue): OptionValue | undefined {
  const found = layer.options.get(key);
  if (found === undefined) return layer.optionsOpen ? undefined : fallback;
  if (found.value === undefined || found.value === null) return fallback;
  return isUnknown(found.value) ? undefined : found.value;
}

export function numberOption(layer: LayerFact, key: string, fallback: number): number | undefined {
  const value = option(layer, key, fallback);
  return typeof value === 'number' ? value : undefined;
}

export function isUnknown(value: OptionValue): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'unknown';
}

/** Whether the option is surely absent (or null, which tfjs treats alike). */
export function isDefault(layer: LayerFact, key: string): boolean {
  const found = layer.options.get(key);
  return found === undefined ? !layer.optionsOpen : found.value === undefined || found.value === null;
}

/** Where to point for an option: the property where it is written in the layer's own call, else the call. */
export function optionPlace(layer: LayerFact, key: string): Place {
  const at = layer.options.get(key)?.at;
  return at !== undefined && within(at, layer.at) ? at : layer.at;
}

/** The axis that batch norm keeps, as an index from 0; undefined where unknown or out of range. */
export function keptAxis(layer: LayerFact, rank: number): number | undefined {
  const axis = numberOption(layer, 'axis', -1);
  return axis === undefined ? undefined : axisIndex(axis, rank);
}

/** The axes that layer norm normalises over, as indices from 0; undefined where unknown or out of range. */
export function normalizedAxes(layer: LayerFact, rank: number): readonly number[] | undefined {
  const value = option(layer, 'axis', -1);
  const list =
    typeof value === 'number' ? [value] : Array.isArray(value) ? (value as readonly OptionValue[]) : undefined;
  const axes = list?.map((a) => (typeof a === 'number' ? axisIndex(a, rank) : undefined));
  return axes?.every((a) => a !== undefined) ? axes : undefined;
}

/** The axes that one (mean, variance) pair of the layer spans. */
export function statisticsAxes(layer: LayerFact, rank: number): readonly number[] | undefined {
  if (isLayerNorm(layer)) return normalizedAxes(layer, rank);
  const kept = keptAxis(layer, rank);
  return kept === undefined ? undefined : [...Array(rank).keys()].filter((i) => i !== kept);
}

/** Values per (mean, variance) pair of batch norm for a training batch of this size; '?' where unknown. */
export function valuesPerStatistic(layer: LayerFact, shape: Shape, batch: Dim): Dim {
  if (shape === null) return '?';
  const kept = keptAxis(layer, shape.length);
  if (kept === undefined || kept === 0) return '?';
  const m = total(shape.map((axis, i) => (i === 0 ? batch : i === kept ? 1 : axis.dim)));
  return m === null ? '?' : m;
}

/** The layer call before this one, where the layer takes one input that a layer made. */
export function before(call: LayerCallFact): LayerCallFact | undefined {
  const [input, ...more] = call.inputs;
  return more.length === 0 ? layerCallOf(input) : undefined;
}

export function layerCallOf(tensor: TensorFact | undefined): LayerCallFact | undefined {
  return tensor?.producer?.kind === 'layerCall' ? tensor.producer : undefined;
}

const ACTIVATION_LAYERS = new Set(['reLU', 'leakyReLU', 'prelu', 'elu', 'thresholdedReLU', 'softmax']);
const WITH_ACTIVATION = new Set([
  'dense',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv2dTranspose',
  'conv3dTranspose',
  'separableConv2d',
  'depthwiseConv2d',
]);

/** Layers with a kernel, a bias and an activation of their own. */
export const isAffine = (layer: LayerFact): boolean => WITH_ACTIVATION.has(layer.type);

/** The activation that the layer applies: `linear` for none, undefined where unknown. */
export function activationOf(layer: LayerFact): string | undefined {
  if (ACTIVATION_LAYERS.has(layer.type)) return layer.type.toLowerCase();
  if (!isAffine(layer) && layer.type !== 'activation') return isElementwiseFree(layer) ? 'linear' : undefined;
  const value = option(layer, 'activation', 'linear');
  return typeof value === 'string' ? value : undefined;
}

/** Whether the layer is nothing but an activation. */
export function isActivation(layer: LayerFact): boolean {
  return ACTIVATION_LAYERS.has(layer.type) || layer.type === 'activation';
}

const MOVES_ONLY = new Set([
  'flatten',
  'reshape',
  'permute',
  'repeatVector',
  'zeroPadding2d',
  'cropping2D',
  'upSampling2d',
]);

/** Layers that move values without computing. */
function isElementwiseFree(layer: LayerFact): boolean {
  return MOVES_ONLY.has(layer.type);
}

/** A linear map (or a mere move): an affine layer without activation, flatten, reshape, average pooling. */
export function isLinear(layer: LayerFact): boolean {
  if (isElementwiseFree(layer) || /^(average|avg)Pool/.test(layer.type) || /^globalAverage/.test(layer.type))
    return true;
  return isAffine(layer) && activationOf(layer) === 'linear';
}

const DROPOUTS = new Set(['dropout', 'spatialDropout1d', 'gaussianDropout']);

/** Layers that drop or multiply at random in training, so that the variance shifts. */
export const isDropout = (layer: LayerFact): boolean => DROPOUTS.has(layer.type);

/** Layers whose output in training differs from that in inference. */
export function hasTrainingMode(layer: LayerFact): boolean {
  return isBatchNorm(layer) || isDropout(layer) || layer.type === 'alphaDropout' || layer.type === 'gaussianNoise';
}

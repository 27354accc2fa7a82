import type { LayerSpec } from '../../layerSpec';
import { activationLayers } from './activations';
import { borderLayers } from './borders';
import { convolutional } from './convolutional';
import { convolutionalRecurrent } from './convolutionalRecurrent';
import { core } from './core';
import { embeddings } from './embeddings';
import { inputLayers } from './inputs';
import { maskingLayers } from './masking';
import { merge } from './merge';
import { noise } from './noise';
import { normalization } from './normalization';
import { poolingLayers } from './pooling';
import { preprocessing } from './preprocessing';
import { recurrent } from './recurrent';
import { wrappers } from './wrappers';

export { declaredInputShape, hasOpenShape } from './inputs';
export { isCertainName, layerName, Names, toSnakeCase } from './names';

/** Every layer of `tf.layers` (4.22). `tf.layers.input` is `tf.input`, a tensor; Layer, RNN and RNNCell are base classes. */
export const layerSpecs: readonly LayerSpec[] = [
  ...inputLayers,
  ...core,
  ...activationLayers,
  ...convolutional,
  ...borderLayers,
  ...poolingLayers,
  ...recurrent,
  ...convolutionalRecurrent,
  ...wrappers,
  ...merge,
  ...embeddings,
  ...normalization,
  ...noise,
  ...maskingLayers,
  ...preprocessing,
];

/** By factory name, aliases too: `maxPool2d` is `maxPooling2d`. */
export const layersByName: ReadonlyMap<string, LayerSpec> = new Map(
  layerSpecs.flatMap((spec) => [spec.type, ...(spec.aliases ?? [])].map((name) => [name, spec] as const)),
);

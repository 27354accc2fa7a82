/** What makes the values of a model's output. */
import type { LayerFact, ModelFact, TensorFact } from '../trace/facts';

const WITH_ACTIVATION = new Set(['dense', 'conv1d', 'conv2d', 'conv3d', 'separableConv2d', 'conv2dTranspose']);
/** Layers that leave values as they are. */
const THROUGH = new Set(['flatten', 'reshape', 'dropout', 'permute', 'repeatVector']);

/** The layer that makes the values of the model's only output. */
export function lastOf(model: ModelFact): LayerFact | undefined {
  return model.outputs.length === 1 && model.exact ? makerOf(model.outputs[0]) : undefined;
}

/** The layer that makes a tensor's values, where a layer does. */
export function makerOf(made: TensorFact | undefined): LayerFact | undefined {
  for (let tensor = made; tensor !== undefined; ) {
    const { producer }: TensorFact = tensor;
    if (producer?.kind !== 'layerCall') return undefined;
    if (!THROUGH.has(producer.layer.type)) return producer.layer;
    tensor = producer.inputs[0];
  }
  return undefined;
}

/** `linear` where there is none; undefined where it is not known. */
export function activationOf(layer: LayerFact): string | undefined {
  if (layer.type === 'reLU') return 'relu';
  if (layer.type === 'softmax') return 'softmax';
  if (layer.type === 'leakyReLU') return 'linear';
  if (layer.type !== 'activation' && !WITH_ACTIVATION.has(layer.type)) return undefined;
  const value = layer.options.get('activation')?.value;
  if (value === undefined || value === null)
    return layer.optionsOpen || layer.positional.length > 0 ? undefined : 'linear';
  return typeof value === 'string' ? value : undefined;
}

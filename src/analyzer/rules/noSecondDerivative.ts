import type { LayerFact, OpFact, TensorFact } from '../trace/facts';
import { option } from './layers';
import { derivedTwice } from './provenance';
import type { Rule } from './rule';
import { Usage } from './usage';

/**
 * The kernels in tfjs 4.22 that have no gradient of their own and that the gradients of these layers and ops call. A test runs
 * each of them.
 */
type Kernel = string;

const LAYERS: Readonly<Record<string, Kernel | ((layer: LayerFact) => Kernel | undefined)>> = {
  leakyReLU: 'Greater',
  prelu: 'Greater',
  thresholdedReLU: 'Greater',
  elu: 'EluGrad',
  reLU: (layer) => (typeof option(layer, 'maxValue', null) === 'number' ? 'LogicalAnd' : undefined),
  maxPooling1d: 'MaxPoolGrad',
  maxPooling2d: 'MaxPoolGrad',
  maxPooling3d: 'MaxPool3DGrad',
  averagePooling1d: 'AvgPoolGrad',
  averagePooling2d: 'AvgPoolGrad',
  averagePooling3d: 'AvgPool3DGrad',
  globalMaxPooling1d: 'Equal',
  globalMaxPooling2d: 'Equal',
  depthwiseConv2d: 'DepthwiseConv2dNativeBackpropInput',
  separableConv2d: 'DepthwiseConv2dNativeBackpropInput',
  conv3d: 'Conv3DBackpropInputV2',
  conv3dTranspose: 'Conv3DBackpropInputV2',
  upSampling2d: (layer) => {
    const interpolation = option(layer, 'interpolation', 'nearest');
    if (interpolation === 'nearest') return 'ResizeNearestNeighborGrad';
    return interpolation === 'bilinear' ? 'ResizeBilinearGrad' : undefined;
  },
};

const ACTIVATIONS: Readonly<Record<string, Kernel>> = {
  elu: 'EluGrad',
  selu: 'Greater',
  relu6: 'Greater',
  hardSigmoid: 'LogicalAnd',
};

/** Recurrent layers have a second activation, and tfjs's default for it is one of the above. */
const GATED: ReadonlySet<string> = new Set(['lstm', 'gru']);

const OPS: Readonly<Record<string, Kernel>> = {
  leakyRelu: 'Greater',
  prelu: 'Greater',
  selu: 'Greater',
  elu: 'EluGrad',
  relu6: 'LessEqual',
  clipByValue: 'LogicalAnd',
  maxPool: 'MaxPoolGrad',
  avgPool: 'AvgPoolGrad',
  maxPool3d: 'MaxPool3DGrad',
  avgPool3d: 'AvgPool3DGrad',
  depthwiseConv2d: 'DepthwiseConv2dNativeBackpropInput',
  separableConv2d: 'DepthwiseConv2dNativeBackpropInput',
  conv3d: 'Conv3DBackpropInputV2',
  localResponseNormalization: 'LRNGrad',
};

/**
 * Kernels that see only the input of what is derived, and not the gradient that comes from behind: the penalty meets them where
 * weights stand before them.
 */
const COMPARISONS: ReadonlySet<Kernel> = new Set(['Greater', 'LessEqual', 'LogicalAnd', 'Equal']);

interface Missing {
  /** As the author wrote it. */
  readonly what: string;
  readonly kernel: Kernel;
}

const ADVICE =
  'The penalty is a gradient that is derived once more, and TensorFlow.js 4.22 has no gradient for the kernel that the gradient of this one calls: training stops with “gradient function not found”. relu, tanh, sigmoid, softplus, swish and gelu can be derived twice; a convolution with strides does for pooling; a leaky ReLU can be written x.relu().sub(x.neg().relu().mul(0.2)).';

export const noSecondDerivative: Rule = {
  id: 'NL220',
  name: 'no-second-derivative',
  severity: 'warning',
  summary: 'A gradient penalty derives twice what TensorFlow.js can derive only once: training throws',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const fact of trace.of('modelCall')) {
      if (!derivedTwice(fact.gradient)) continue;
      let weighted = false;
      for (const layer of usage.layersWithin(fact.model)) {
        weighted ||= mayHaveWeights(layer);
        const missing = missingIn(layer);
        if (missing === undefined || (!weighted && COMPARISONS.has(missing.kernel))) continue;
        report({
          at: layer.at,
          about: layer,
          message: messageOf(missing),
          advice: ADVICE,
          facts: { api: layer.type, kernel: missing.kernel },
          related: [{ at: fact.at, message: 'the gradient penalty calls the model here' }],
        });
      }
    }
    for (const op of trace.of('op')) {
      const kernel = Object.hasOwn(OPS, op.name) && derivedTwice(op.gradient) ? OPS[op.name] : undefined;
      if (kernel === undefined || (COMPARISONS.has(kernel) && ![...op.operands.values()].some((t) => isWeighted(t))))
        continue;
      report({
        at: op.at,
        about: op,
        message: messageOf({ what: `tf.${op.name}`, kernel }),
        advice: ADVICE,
        facts: { api: op.name, kernel },
      });
    }
  },
};

const messageOf = ({ what, kernel }: Missing): string =>
  `${what} cannot be derived twice, as the gradient penalty does: TensorFlow.js has no gradient of ${kernel}`;

const mayHaveWeights = ({ weights }: LayerFact): boolean => weights === undefined || weights.length > 0;

/** Whether weights or variables took part in making the tensor, as far as it is known. */
function isWeighted(tensor: TensorFact, seen = new Set<OpFact>()): boolean {
  if (tensor.variable !== undefined) return true;
  const { producer } = tensor;
  if (producer?.kind === 'layerCall') {
    return mayHaveWeights(producer.layer) || producer.inputs.some((input) => isWeighted(input, seen));
  }
  if (producer?.kind !== 'op' || seen.has(producer)) return false;
  seen.add(producer);
  return [...producer.operands.values()].some((operand) => isWeighted(operand, seen));
}

function missingIn(layer: LayerFact): Missing | undefined {
  const own = Object.hasOwn(LAYERS, layer.type) ? LAYERS[layer.type] : undefined;
  const kernel = typeof own === 'function' ? own(layer) : own;
  if (kernel !== undefined) return { what: layer.type, kernel };
  const given = [
    option(layer, 'activation', null),
    ...(GATED.has(layer.type) ? [option(layer, 'recurrentActivation', 'hardSigmoid')] : []),
  ];
  for (const activation of given) {
    if (typeof activation !== 'string' || !Object.hasOwn(ACTIVATIONS, activation)) continue;
    return { what: `${activation} in ${layer.type}`, kernel: ACTIVATIONS[activation] ?? '' };
  }
  return undefined;
}

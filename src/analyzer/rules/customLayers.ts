import type { Trace } from '../trace/trace';
import { type Edit, insert } from './edits';

/**
 * Complete layers that TensorFlow.js lacks, as source text to insert: built, saved and loaded like its own. The differential
 * suite runs each in TensorFlow.js against float64 references. `«…»` is kept in TypeScript and dropped in JavaScript.
 */

export interface CustomLayer {
  readonly className: string;
  /** The class and its registration, for a namespace called `tf`. */
  readonly source: string;
}

const layer = (className: string, source: string): CustomLayer => ({ className, source: source.trim() });

export const groupNormalization = layer(
  'GroupNormalization',
  `
/** Group normalization over the last axis (arXiv 1803.08494): one mean and variance per sample and group of channels. */
class GroupNormalization extends tf.layers.Layer {
  static className = 'GroupNormalization';
«  groups: number;
  epsilon: number;
  gamma!: tf.LayerVariable;
  beta!: tf.LayerVariable;
»  constructor(config«: any» = {}) {
    super(config);
    this.groups = config.groups ?? 32;
    this.epsilon = config.epsilon ?? 1e-3;
  }
  build(inputShape«: any») {
    const channels = inputShape[inputShape.length - 1];
    if (channels % this.groups !== 0) throw new Error(\`\${channels} channels do not divide into \${this.groups} groups\`);
    this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }
  computeOutputShape(inputShape«: any») {
    return inputShape;
  }
  call(inputs«: any») {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const channels = x.shape[x.rank - 1];
      const grouped = x.reshape([x.shape[0], -1, this.groups, channels / this.groups]);
      const { mean, variance } = tf.moments(grouped, [1, 3], true);
      const normalized = grouped.sub(mean).div(variance.add(this.epsilon).sqrt()).reshape(x.shape);
      return normalized.mul(this.gamma.read()).add(this.beta.read());
    });
  }
  getConfig() {
    return { ...super.getConfig(), groups: this.groups, epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(GroupNormalization);
`,
);

export const instanceNormalization = layer(
  'InstanceNormalization',
  `
/** Instance normalization, channels last (arXiv 1607.08022): one mean and variance per sample and channel. */
class InstanceNormalization extends tf.layers.Layer {
  static className = 'InstanceNormalization';
«  epsilon: number;
  gamma!: tf.LayerVariable;
  beta!: tf.LayerVariable;
»  constructor(config«: any» = {}) {
    super(config);
    this.epsilon = config.epsilon ?? 1e-3;
  }
  build(inputShape«: any») {
    const channels = inputShape[inputShape.length - 1];
    this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }
  computeOutputShape(inputShape«: any») {
    return inputShape;
  }
  call(inputs«: any») {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const positions = x.reshape([x.shape[0], -1, x.shape[x.rank - 1]]);
      const { mean, variance } = tf.moments(positions, [1], true);
      const normalized = positions.sub(mean).div(variance.add(this.epsilon).sqrt()).reshape(x.shape);
      return normalized.mul(this.gamma.read()).add(this.beta.read());
    });
  }
  getConfig() {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(InstanceNormalization);
`,
);

export const rmsNormalization = layer(
  'RmsNormalization',
  `
/** Root mean square normalization of the last axis (arXiv 1910.07467): no mean is subtracted. */
class RmsNormalization extends tf.layers.Layer {
  static className = 'RmsNormalization';
«  epsilon: number;
  gamma!: tf.LayerVariable;
»  constructor(config«: any» = {}) {
    super(config);
    this.epsilon = config.epsilon ?? 1e-6;
  }
  build(inputShape«: any») {
    this.gamma = this.addWeight('gamma', [inputShape[inputShape.length - 1]], 'float32', tf.initializers.ones());
    super.build(inputShape);
  }
  computeOutputShape(inputShape«: any») {
    return inputShape;
  }
  call(inputs«: any») {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const meanSquare = x.square().mean(-1, true);
      return x.div(meanSquare.add(this.epsilon).sqrt()).mul(this.gamma.read());
    });
  }
  getConfig() {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(RmsNormalization);
`,
);

export const frozenBatchNormalization = layer(
  'FrozenBatchNormalization',
  `
/** Batch normalization of the last axis that never trains: weights as those of tf.layers.batchNormalization. */
class FrozenBatchNormalization extends tf.layers.Layer {
  static className = 'FrozenBatchNormalization';
«  epsilon: number;
  gamma!: tf.LayerVariable;
  beta!: tf.LayerVariable;
  movingMean!: tf.LayerVariable;
  movingVariance!: tf.LayerVariable;
»  constructor(config«: any» = {}) {
    super(config);
    this.epsilon = config.epsilon ?? 1e-3;
  }
  build(inputShape«: any») {
    const channels = inputShape[inputShape.length - 1];
    const frozen = (name«: string», initializer«: any») =>
      this.addWeight(name, [channels], 'float32', initializer, undefined, false);
    this.gamma = frozen('gamma', tf.initializers.ones());
    this.beta = frozen('beta', tf.initializers.zeros());
    this.movingMean = frozen('moving_mean', tf.initializers.zeros());
    this.movingVariance = frozen('moving_variance', tf.initializers.ones());
    super.build(inputShape);
  }
  computeOutputShape(inputShape«: any») {
    return inputShape;
  }
  call(inputs«: any») {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const scale = this.gamma.read().div(this.movingVariance.read().add(this.epsilon).sqrt());
      return x.sub(this.movingMean.read()).mul(scale).add(this.beta.read());
    });
  }
  getConfig() {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(FrozenBatchNormalization);
`,
);

/** The text of the class for a file: with or without types, with the file's name of the namespace. */
export function sourceFor(custom: CustomLayer, file: string, namespace: string): string {
  const typescript = /\.[cm]?tsx?$/.test(file);
  const text = custom.source.replace(/«([^»]*)»/g, (_, typed: string) => (typescript ? typed : ''));
  return namespace === 'tf' ? text : text.replace(/\btf\./g, `${namespace}.`);
}

/** The edit that puts the class after the file's imports; none where the file has it already. */
export function insertClass(trace: Trace, custom: CustomLayer, file: string, namespace: string): readonly Edit[] {
  const source = trace.source(file);
  if (new RegExp(`\\bclass ${custom.className}\\b`).test(source)) return [];
  const offset = afterImports(source);
  return [insert(file, offset, `${offset === 0 ? '' : '\n'}${sourceFor(custom, file, namespace)}\n`)];
}

const IMPORT = /^(?:import\b[^;'"]*['"][^'"]*['"]|(?:const|let|var)\b[^;=]*=\s*require\([^)]*\)[^;\n]*);?[^\n]*\n/gm;

/** The offset of the line after the last import or require at the top level. */
function afterImports(source: string): number {
  let offset = 0;
  for (const match of source.matchAll(IMPORT)) offset = match.index + match[0].length;
  return offset;
}

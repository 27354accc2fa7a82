// A transformer encoder that classifies short texts: embeddings, two blocks of attention, layer norms in front of each
// part. Attention is a custom layer written with tf.matMul. Nothing is wrong here.
import * as tf from '@tensorflow/tfjs';

const VOCABULARY = 500;
const LENGTH = 12;
const WIDTH = 32;
const HEADS = 4;
const BLOCKS = 2;

interface AttentionConfig {
  heads: number;
  width: number;
  name?: string;
}

class SelfAttention extends tf.layers.Layer {
  static readonly className: string = 'SelfAttention';
  private readonly heads: number;
  private readonly width: number;
  private qkv!: tf.LayerVariable;
  private out!: tf.LayerVariable;

  constructor({ heads, width, ...rest }: AttentionConfig) {
    super(rest);
    this.heads = heads;
    this.width = width;
  }

  override build(inputShape: tf.Shape): void {
    const features = inputShape[inputShape.length - 1] as number;
    const glorot = tf.initializers.glorotUniform({});
    this.qkv = this.addWeight('qkv', [features, 3 * this.width], 'float32', glorot);
    this.out = this.addWeight('out', [this.width, features], 'float32', glorot);
    this.built = true;
  }

  /** [batch, time, width] → [batch, heads, time, width / heads] */
  private split(x: tf.Tensor): tf.Tensor4D {
    const [batch, time] = x.shape as [number, number, number];
    return x.reshape([batch, time, this.heads, this.width / this.heads]).transpose([0, 2, 1, 3]) as tf.Tensor4D;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor3D;
      const [batch, time, features] = x.shape;
      const projected = x.reshape([batch * time, features]).matMul(this.qkv.read() as tf.Tensor2D);
      const [q, k, v] = tf.split(projected.reshape([batch, time, 3 * this.width]), 3, -1).map((part) => this.split(part));
      const scale = 1 / Math.sqrt(this.width / this.heads);
      const weights = tf.softmax(tf.matMul(q!, k!, false, true).mul(scale), -1);
      const mixed = tf.matMul(weights, v!).transpose([0, 2, 1, 3]).reshape([batch * time, this.width]);
      return mixed.matMul(this.out.read() as tf.Tensor2D).reshape([batch, time, features]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}
tf.serialization.registerClass(SelfAttention);

/** Normalize, transform, add: the order that trains without warm-up of the learning rate. */
function residual(x: tf.SymbolicTensor, ...parts: tf.layers.Layer[]): tf.SymbolicTensor {
  const layers = [tf.layers.layerNormalization({ epsilon: 1e-5 }), ...parts];
  const y = layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);
  return tf.layers.add().apply([x, y]) as tf.SymbolicTensor;
}

export function buildTransformer({ width = WIDTH, heads = HEADS, blocks = BLOCKS, classes = 3 } = {}): tf.LayersModel {
  const tokens = tf.input({ shape: [LENGTH], dtype: 'int32', name: 'tokens' });
  const positions = tf.input({ shape: [LENGTH], dtype: 'int32', name: 'positions' });
  const words = tf.layers.embedding({ inputDim: VOCABULARY, outputDim: width }).apply(tokens) as tf.SymbolicTensor;
  const places = tf.layers.embedding({ inputDim: LENGTH, outputDim: width }).apply(positions) as tf.SymbolicTensor;
  let x = tf.layers.add().apply([words, places]) as tf.SymbolicTensor;
  for (let i = 0; i < blocks; i += 1) {
    x = residual(x, new SelfAttention({ heads, width, name: `attention_${i}` }));
    x = residual(
      x,
      tf.layers.dense({ units: 4 * width, activation: 'relu' }),
      tf.layers.dense({ units: width }),
      tf.layers.dropout({ rate: 0.1 }),
    );
  }
  const pooled = tf.layers.globalAveragePooling1d().apply(tf.layers.layerNormalization().apply(x));
  const classed = tf.layers.dense({ units: classes, activation: 'softmax' }).apply(pooled) as tf.SymbolicTensor;
  return tf.model({ inputs: [tokens, positions], outputs: classed, name: 'transformer' });
}

export async function main({ epochs = 3, samples = 64 } = {}) {
  const model = buildTransformer();
  model.compile({ optimizer: tf.train.adam(3e-4), loss: 'sparseCategoricalCrossentropy' });
  const tokens = tf.randomUniform([samples, LENGTH], 0, VOCABULARY, 'int32');
  const positions = tf.range(0, LENGTH, 1, 'int32').expandDims(0).tile([samples, 1]);
  const labels = tf.randomUniform([samples, 1], 0, 3, 'int32').toFloat();
  await model.fit([tokens, positions], labels, { batchSize: 16, epochs });
  return model.predict([tokens, positions]) as tf.Tensor2D;
}

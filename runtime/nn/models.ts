import { glorotUniform, heNormal } from './initializers';
import { Conv2d, Dense, type DenseOptions, type Environment, Flatten, type Layer, Noise, Pool2d, Relu } from './layers';
import { Network } from './network';
import { kernelNorm, needsRelu, normLayer } from './norms';
import type { Random } from './random';
import type { Shape } from './tensor';
import type { TrainConfig } from './trainConfig';

/** Where a network's random numbers come from; apart, so that every norm starts from the same weights. */
export interface Streams {
  readonly weights: Random;
  readonly noise: Random;
}

const KERNEL = 3;

type HiddenOptions = Pick<DenseOptions, 'useBias' | 'initializer' | 'kernelNorm'>;

/** Collects layers and knows the shape that the next one takes. */
class Stack {
  readonly layers: Layer[] = [];

  constructor(
    public shape: Shape,
    private readonly config: TrainConfig,
    private readonly environment: Environment,
    private readonly streams: Streams,
  ) {}

  private add(layer: Layer): void {
    this.layers.push(layer);
    this.shape = layer.outputShape;
  }

  /** The linear layer, then norm → noise → relu: one hidden layer. */
  private hidden(index: number, outputShape: Shape, kernel: Shape, build: (options: HiddenOptions) => Layer): void {
    const { config, environment, streams } = this;
    const norm = normLayer(`norm${index}`, outputShape, config);
    this.add(
      build({
        // A norm with a β of its own, as a rule one that subtracts the mean, leaves a bias nothing to do.
        useBias: !norm?.parameters.some(({ name }) => name.endsWith('/beta')),
        initializer: heNormal,
        kernelNorm: kernelNorm(`${config.model === 'mlp' ? 'dense' : 'conv'}${index}`, kernel, config),
      }),
    );
    if (norm) this.add(norm);
    if (config.noise) this.add(new Noise(`noise${index}`, this.shape, config.noise, environment, streams.noise));
    if (needsRelu(config.norm)) this.add(new Relu(`relu${index}`, this.shape, environment));
  }

  flatten(): void {
    if (this.shape.length > 1) this.add(new Flatten('flatten', this.shape));
  }

  dense(index: number): void {
    const [inputs = 0] = this.shape;
    const units = this.config.width;
    this.hidden(index, [units], [inputs, units], (options) => {
      const all = { name: `dense${index}`, inputs, units, ...options };
      return new Dense(all, this.environment, this.streams.weights);
    });
  }

  conv(index: number): void {
    const inputShape = this.shape;
    const filters = this.config.width * Math.min(4, 2 ** (index - 1));
    const strides = index === 1 ? 1 : 2;
    const [height = 0, width = 0, channels = 0] = inputShape;
    const outputShape = [Math.ceil(height / strides), Math.ceil(width / strides), filters];
    this.hidden(index, outputShape, [KERNEL, KERNEL, channels, filters], (options) => {
      const sizes = { inputShape, filters, kernelSize: KERNEL, strides, padding: 'same' } as const;
      return new Conv2d({ name: `conv${index}`, ...sizes, ...options }, this.environment, this.streams.weights);
    });
    if (index > 1) return;
    this.add(new Pool2d({ name: 'pool', type: 'max', inputShape: this.shape, size: 2 }, this.environment));
  }

  logits(classes: number): void {
    const options = { name: 'logits', inputs: this.shape[0] ?? 0, units: classes, useBias: true };
    this.add(new Dense({ ...options, initializer: glorotUniform }, this.environment, this.streams.weights));
  }
}

/**
 * The network of a config, from pictures [height, width, channels] (an MLP takes any shape) to logits [classes].
 *
 * @throws ConfigError, NormError for a norm that cannot stand behind one of the layers
 */
export function buildNetwork(
  config: TrainConfig,
  inputShape: Shape,
  classes: number,
  environment: Environment,
  streams: Streams,
): Network {
  const stack = new Stack(inputShape, config, environment, streams);
  if (config.model === 'mlp') stack.flatten();
  for (let index = 1; index <= config.depth; index++) {
    if (config.model === 'mlp') stack.dense(index);
    else stack.conv(index);
  }
  stack.flatten();
  stack.logits(classes);
  return new Network(stack.layers);
}

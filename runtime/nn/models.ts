import { glorotUniform, heNormal } from './initializers';
import { Conv2d, Dense, type Environment, Flatten, type Layer, Noise, Pool2d, Relu } from './layers';
import { Network } from './network';
import { normLayer } from './norms';
import type { Random } from './random';
import type { Shape } from './tensor';
import type { TrainConfig } from './trainConfig';

/** Where a network's random numbers come from; apart, so that every norm starts from the same weights. */
export interface Streams {
  readonly weights: Random;
  readonly noise: Random;
}

const KERNEL = 3;
/** Convolutions that a max pool follows: 14 × 14 → 7 × 7 → 3 × 3. */
const POOLED = 2;

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

  /** norm → noise → relu: what stands behind each hidden layer. */
  private activate(index: number): void {
    const { config, environment, streams } = this;
    const norm = normLayer(`norm${index}`, this.shape, config, environment);
    if (norm) this.add(norm);
    if (config.noise) this.add(new Noise(`noise${index}`, this.shape, config.noise, environment, streams.noise));
    this.add(new Relu(`relu${index}`, this.shape, environment));
  }

  flatten(): void {
    if (this.shape.length > 1) this.add(new Flatten('flatten', this.shape));
  }

  dense(index: number): void {
    const options = { name: `dense${index}`, inputs: this.shape[0] ?? 0, units: this.config.width };
    const useBias = this.config.norm === 'none';
    this.add(new Dense({ ...options, useBias, initializer: heNormal }, this.environment, this.streams.weights));
    this.activate(index);
  }

  conv(index: number): void {
    const { config, environment, streams } = this;
    const options = { name: `conv${index}`, inputShape: this.shape, kernelSize: KERNEL, strides: 1 };
    const filters = config.width * (index > 1 ? 2 : 1);
    const rest = { filters, padding: 'same', useBias: config.norm === 'none', initializer: heNormal } as const;
    this.add(new Conv2d({ ...options, ...rest }, environment, streams.weights));
    this.activate(index);
    if (index > POOLED) return;
    this.add(new Pool2d({ name: `pool${index}`, type: 'max', inputShape: this.shape, size: 2 }, environment));
  }

  logits(classes: number): void {
    const options = { name: 'logits', inputs: this.shape[0] ?? 0, units: classes, useBias: true };
    this.add(new Dense({ ...options, initializer: glorotUniform }, this.environment, this.streams.weights));
  }
}

/**
 * The network of a config, from pictures [height, width, channels] (an MLP takes any shape) to logits [classes].
 * Hidden layers have a bias only without a norm, which would take it out again or brings its own β.
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

export { Conv2d, type Conv2dOptions } from './conv2d';
export { Dense, type DenseOptions } from './dense';
export { Flatten } from './flatten';
export { type Buffer, type Environment, type Layer, type Mode, OrderError, type Parameter } from './layer';
export { Noise, type NoiseOptions, paperNoise } from './noise';
export { NormLayer, type NormLayerOptions } from './norm';
export { Pool2d, type Pool2dOptions } from './pool2d';
export { Relu } from './relu';

// Normlens's runtime: every normalization, forward and backward, on one thread. In Node, browsers and workers.
//
//   import { batchNorm, tensor } from 'normlens/runtime';
//   const norm = batchNorm({ layout: 'channelsFirst' });
//   const params = norm.parameters(x.shape);          // { gamma: [C] of ones, beta: [C] of zeros }
//   const state = norm.state(x.shape);                // running mean 0 and variance 1, or null
//   const { y, saved } = norm.forward(x, params, state, 'train');
//   const { dx, dgamma, dbeta } = norm.backward(dy, saved);
//
// A tensor is { data: Float32Array, shape }. Ordinary arrays are copied in and out; tensors made by
// `engine().tensor(shape)` live in the kernels' memory, are used in place, and give results that live there too:
// wrap a step in `engine().scope(() => …)` to free them. Running statistics (state) change in place in train mode.
// The kernels are WebAssembly SIMD where it can be compiled at once; on a main thread that forbids that, call
// `await init()` first, else plain TypeScript runs.
export { Arena, ArenaStatistics, ArenaTensor } from './arena';
export { Engine, type EngineKind, engine, init, type Statistics } from './engine';
export { NormError, type NormErrorCode } from './errors';
export { type BatchNormOptions, type BatchNormSaved, batchNorm } from './norms/batch';
export { type GhostBatchNormOptions, ghostBatchNorm } from './norms/ghostBatch';
export { type GroupNormOptions, groupNorm } from './norms/group';
export { instanceNorm } from './norms/instance';
export { type LayerNormOptions, layerNorm, type RowsSaved, rmsNorm } from './norms/layer';
export type { LocalOptions, LocalSaved } from './norms/local';
export type { CommonOptions, Forward, Gradients, Mode, Norm, Params, Saved, State } from './norms/norm';
export type { RunningState } from './norms/running';
export { filled, sizeOf, type Tensor, tensor } from './tensor';
export * from './view';

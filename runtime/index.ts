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
export { type AdainOptions, adaptiveInstanceNorm } from './norms/adain';
export { type BatchNormOptions, type BatchNormSaved, batchNorm } from './norms/batch';
export { type BatchRenormOptions, type BatchRenormState, batchRenorm } from './norms/batchRenorm';
export { type ConditionalBatchNormOptions, conditionalBatchNorm } from './norms/conditionalBatch';
export { type DynamicTanhOptions, dynamicTanh } from './norms/dynamicTanh';
export { type FilterResponseOptions, filterResponseNorm } from './norms/filterResponse';
export { type GhostBatchNormOptions, ghostBatchNorm } from './norms/ghostBatch';
export { type Moments, mergeMoments } from './norms/grid';
export { type GroupNormOptions, groupNorm } from './norms/group';
export { instanceNorm } from './norms/instance';
export { type LayerNormOptions, layerNorm, type RowsSaved, rmsNorm } from './norms/layer';
export type { LocalOptions, LocalSaved } from './norms/local';
export { type LocalResponseOptions, localResponseNorm } from './norms/localResponse';
export type { CommonOptions, Forward, Gradients, Into, Mode, Norm, Params, Saved, State } from './norms/norm';
export { type PixelNormOptions, pixelNorm } from './norms/pixel';
export type { RunningState } from './norms/running';
export { type SpectralNormOptions, type SpectralState, spectralNorm } from './norms/spectral';
export { switchableNorm } from './norms/switchable';
export { type SyncBatchNormOptions, syncBatchNorm } from './norms/syncBatch';
export { type WeightNormOptions, weightNorm } from './norms/weightNorm';
export { type WeightStandardizationOptions, weightStandardization } from './norms/weightStandardization';
export type { UnitAxis } from './norms/weights';
export { filled, sizeOf, type Tensor, tensor } from './tensor';
export * from './view';

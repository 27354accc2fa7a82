export { type CouplingOptions, couplingJacobian } from './coupling';
export { difference, type Equivalence, equivalences } from './equivalences';
export { meanNoise, type NoiseOptions, statisticsNoise, varianceNoise } from './noise';
export { normals, seeded } from './random';
export { type Sharing, type SharingKind, type SharingOptions, sharing } from './sharing';
export { initialWeight, stepsUntil, type WarmUpOptions, type WarmUpStep, warmUp } from './warmUp';

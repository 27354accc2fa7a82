import { affineOffCrashesTraining } from './affineOffCrashesTraining';
import { batchnormArgumentOrder } from './batchnormArgumentOrder';
import { batchnormParamShape } from './batchnormParamShape';
import { biasBeforeBn } from './biasBeforeBn';
import { bnAxisNotLast } from './bnAxisNotLast';
import { bnInGradientPenaltyCritic } from './bnInGradientPenaltyCritic';
import { channelsFirstDefaultAxis } from './channelsFirstDefaultAxis';
import { dropoutBeforeBn } from './dropoutBeforeBn';
import { frozenBnStillUpdates } from './frozenBnStillUpdates';
import { momentsBroadcast } from './momentsBroadcast';
import { momentsDestructuredAsArray } from './momentsDestructuredAsArray';
import { momentumConvention } from './momentumConvention';
import { normAxisIsBatch } from './normAxisIsBatch';
import { normRankUnsupported } from './normRankUnsupported';
import type { Rule } from './rule';
import { runningAverageWarmUp } from './runningAverageWarmUp';
import { shapeErrors } from './shapeErrors';
import { singleValueStatistics } from './singleValueStatistics';
import { sqrtOrEpsilonMisplaced } from './sqrtOrEpsilonMisplaced';
import { stackedNormalization } from './stackedNormalization';
import { unusedSuppression } from './suppressions';
import { tinyBatchStatistics } from './tinyBatchStatistics';
import { trainingFlagMissing } from './trainingFlagMissing';
import { unknownNormOption } from './unknownNormOption';

/** Every rule of the catalogue, in the order of ids. */
export const rules: readonly Rule[] = [
  ...shapeErrors,
  bnAxisNotLast,
  channelsFirstDefaultAxis,
  normAxisIsBatch,
  affineOffCrashesTraining,
  normRankUnsupported,
  batchnormParamShape,
  batchnormArgumentOrder,
  momentsBroadcast,
  sqrtOrEpsilonMisplaced,
  momentsDestructuredAsArray,
  unknownNormOption,
  singleValueStatistics,
  momentumConvention,
  runningAverageWarmUp,
  trainingFlagMissing,
  frozenBnStillUpdates,
  dropoutBeforeBn,
  bnInGradientPenaltyCritic,
  stackedNormalization,
  tinyBatchStatistics,
  biasBeforeBn,
  unusedSuppression,
];

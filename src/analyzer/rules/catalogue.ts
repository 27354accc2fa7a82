import { affineOffCrashesTraining } from './affineOffCrashesTraining';
import { batchnormArgumentOrder } from './batchnormArgumentOrder';
import { batchnormParamShape } from './batchnormParamShape';
import { biasBeforeBn } from './biasBeforeBn';
import { biasedRunningVariance } from './biasedRunningVariance';
import { bnAsInputScaler } from './bnAsInputScaler';
import { bnAxisNotLast } from './bnAxisNotLast';
import { bnInGradientPenaltyCritic } from './bnInGradientPenaltyCritic';
import { bnInsideTimeLoop } from './bnInsideTimeLoop';
import { callInputsArray } from './callInputsArray';
import { channelsFirstDefaultAxis } from './channelsFirstDefaultAxis';
import { computeOutputShapeDiffers } from './computeOutputShapeDiffers';
import { dropoutBeforeBn } from './dropoutBeforeBn';
import { epsilonBelowPrecision } from './epsilonBelowPrecision';
import { epsilonDefaultDiffers } from './epsilonDefaultDiffers';
import { falsyAxisDefault } from './falsyAxisDefault';
import { fitNotAwaited } from './fitNotAwaited';
import { frozenBnStillUpdates } from './frozenBnStillUpdates';
import { gradientAccumulationBn } from './gradientAccumulationBn';
import { groupDivisibility } from './groupDivisibility';
import { layerMadeInForward } from './layerMadeInForward';
import { lossWithoutProbabilities } from './lossWithoutProbabilities';
import { momentsBroadcast } from './momentsBroadcast';
import { momentsDestructuredAsArray } from './momentsDestructuredAsArray';
import { momentsWrongAxes } from './momentsWrongAxes';
import { momentumConvention } from './momentumConvention';
import { normAfterActivation } from './normAfterActivation';
import { normAfterPadding } from './normAfterPadding';
import { normAsOutput } from './normAsOutput';
import { normAxisIsBatch } from './normAxisIsBatch';
import { normOutputDiscarded } from './normOutputDiscarded';
import { normOverOneElement } from './normOverOneElement';
import { normOverPadding } from './normOverPadding';
import { normRankUnsupported } from './normRankUnsupported';
import { noSecondDerivative } from './noSecondDerivative';
import { noSuchNormLayer } from './noSuchNormLayer';
import { operatorOnTensor } from './operatorOnTensor';
import { optimizerOptionsObject } from './optimizerOptionsObject';
import { positionalOptionIgnored } from './positionalOptionIgnored';
import { probabilitiesAsLogits } from './probabilitiesAsLogits';
import { regularizerOnNormParams } from './regularizerOnNormParams';
import { reluBnRelu } from './reluBnRelu';
import type { Rule } from './rule';
import { runningAverageWarmUp } from './runningAverageWarmUp';
import { shapeCommentContradicted } from './shapeCommentContradicted';
import { shapeErrors } from './shapeErrors';
import { sharedBnMixedPopulations } from './sharedBnMixedPopulations';
import { singleStepGradient } from './singleStepGradient';
import { singleValueStatistics } from './singleValueStatistics';
import { softmaxOverOne } from './softmaxOverOne';
import { sqrtOrEpsilonMisplaced } from './sqrtOrEpsilonMisplaced';
import { stackedNormalization } from './stackedNormalization';
import { unusedSuppression } from './suppressions';
import { targetWithoutStatistics } from './targetWithoutStatistics';
import { tensorIsNoList } from './tensorIsNoList';
import { tinyBatchStatistics } from './tinyBatchStatistics';
import { trainableAfterCompile } from './trainableAfterCompile';
import { trainingFlagAtInference } from './trainingFlagAtInference';
import { trainingFlagMissing } from './trainingFlagMissing';
import { trainsOtherNetwork } from './trainsOtherNetwork';
import { unknownLayerOption } from './unknownLayerOption';
import { unknownNormOption } from './unknownNormOption';
import { weightsOrderDependsOnTrainable } from './weightsOrderDependsOnTrainable';

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
  groupDivisibility,
  momentsBroadcast,
  momentsWrongAxes,
  sqrtOrEpsilonMisplaced,
  momentsDestructuredAsArray,
  weightsOrderDependsOnTrainable,
  unknownNormOption,
  positionalOptionIgnored,
  normOutputDiscarded,
  layerMadeInForward,
  falsyAxisDefault,
  callInputsArray,
  computeOutputShapeDiffers,
  shapeCommentContradicted,
  operatorOnTensor,
  optimizerOptionsObject,
  tensorIsNoList,
  unknownLayerOption,
  singleValueStatistics,
  momentumConvention,
  runningAverageWarmUp,
  trainingFlagMissing,
  trainingFlagAtInference,
  frozenBnStillUpdates,
  dropoutBeforeBn,
  bnInGradientPenaltyCritic,
  sharedBnMixedPopulations,
  normOverOneElement,
  gradientAccumulationBn,
  epsilonBelowPrecision,
  bnInsideTimeLoop,
  targetWithoutStatistics,
  normOverPadding,
  stackedNormalization,
  tinyBatchStatistics,
  trainableAfterCompile,
  normAfterPadding,
  noSecondDerivative,
  singleStepGradient,
  fitNotAwaited,
  softmaxOverOne,
  lossWithoutProbabilities,
  probabilitiesAsLogits,
  trainsOtherNetwork,
  biasBeforeBn,
  normAsOutput,
  epsilonDefaultDiffers,
  regularizerOnNormParams,
  reluBnRelu,
  normAfterActivation,
  biasedRunningVariance,
  noSuchNormLayer,
  bnAsInputScaler,
  unusedSuppression,
];

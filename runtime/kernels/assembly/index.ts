// What the module offers. Pointers are byte offsets into its imported memory; sizes are in elements.
export { rowsForward } from './rows';
export { rowsBackward } from './rowsBackward';
export { segmentsForward, segmentsBackward, segmentMoments, segmentApply, segmentPairSums, segmentCombine } from './segments';
export { columnsForward, columnsBackward, columnMoments, columnApply, columnPairSums, columnCombine } from './columns';
export { columnSums, segmentSums } from './pieces';

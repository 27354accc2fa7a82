import { clouds } from './cloud';
import { residual } from './residual';
import { warmUp } from './warmUp';

/** The second scene's work. */
export const batchTasks = { 'batch.clouds': clouds, 'batch.warmUp': warmUp, 'batch.residual': residual };

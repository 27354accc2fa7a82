/** Everything the worker can be asked for, by name. A scene adds its tasks here. */
import { batchTasks } from '../batch/tasks';
import { couplingTasks } from '../coupling/tasks';
import { trainTasks } from '../train/tasks';

export const tasks = { ...batchTasks, ...couplingTasks, ...trainTasks };

export type Tasks = typeof tasks;

/** Everything the worker can be asked for, by name. A scene adds its tasks here. */
import { batchTasks } from '../batch/tasks';
import { couplingTasks } from '../coupling/tasks';
import { styleTasks } from '../style/tasks';
import { trainTasks } from '../train/tasks';

export const tasks = { ...batchTasks, ...couplingTasks, ...trainTasks, ...styleTasks };

export type Tasks = typeof tasks;

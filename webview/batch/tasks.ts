export const batchTasks = {};

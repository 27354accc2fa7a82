export const couplingTasks = {};

/** Nothing of this scene takes longer than a frame. */
export const couplingTasks = {};

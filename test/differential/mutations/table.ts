import { languageMutations } from './language';
import { layerMutations } from './layers';
import { memberMutations } from './members';
import type { Mutation } from './mutation';
import { opMutations } from './ops';
import { shapeMutations } from './shapes';
import { copyMutations, trainingMutations } from './training';

/** Every misuse that is planted, in no order; a rule may have several. */
export const mutations: readonly Mutation[] = [
  ...shapeMutations,
  ...layerMutations,
  ...trainingMutations,
  ...copyMutations,
  ...opMutations,
  ...memberMutations,
  ...languageMutations,
];

import { layerMutations } from './layers';
import type { Mutation } from './mutation';

/** Every misuse that is planted, in no order; a rule may have several. */
export const mutations: readonly Mutation[] = [...layerMutations];

import type { Scene } from '../scene';
import { CouplingView } from './view';

/** The third scene: whose input each output depends on, and what that does to a gradient penalty. */
export const couplingScene: Scene = {
  name: 'coupling',
  question: 'Whose input does an output depend on?',
  open: (context) => new CouplingView(context),
};

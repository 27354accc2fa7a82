import type { Scene } from '../scene';
import { AxesView } from './view';

/** The first scene: which elements share a mean and a deviation, norm by norm. */
export const axesScene: Scene = {
  name: 'axes',
  question: 'Which numbers share one mean?',
  open: (context) => new AxesView(context),
};

import type { Scene } from '../scene';
import { TrainView } from './view';

/** The fourth scene: what the choice of a norm and a batch size does to real training. */
export const trainScene: Scene = {
  name: 'train',
  question: 'What does a small batch do to training?',
  open: (context) => new TrainView(context),
};

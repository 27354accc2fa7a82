import type { Scene } from '../scene';
import { StyleView } from './view';

/** The fifth scene: what a channel's mean and deviation say about a picture. */
export const styleScene: Scene = {
  name: 'style',
  question: 'How much of a picture’s style is mean and deviation?',
  open: (context) => new StyleView(context),
};

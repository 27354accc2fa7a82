import type { Scene } from '../scene';
import { YourCodeView } from './view';

/** The sixth scene: the reader's own layers, as settings for the others, and the settings as code. */
export const yourCodeScene: Scene = {
  name: 'code',
  question: 'What do your own layers share?',
  open: (context) => new YourCodeView(context),
};

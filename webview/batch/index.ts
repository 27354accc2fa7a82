import type { Scene } from '../scene';
import { BatchView } from './view';

/** The second scene: what it means that a sample's output depends on the batch it came with. */
export const batchScene: Scene = {
  name: 'batch',
  question: 'What does the batch do to one sample?',
  open: (context) => new BatchView(context),
};

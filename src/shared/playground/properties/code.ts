import { choice, text } from '../property';

/** Where the settings came from, when they were handed over from code. */
export const code = {
  layer: text({ label: 'Layer', default: '', maxLength: 120, scenes: [] }),
  framework: choice({
    label: 'Write it for',
    options: { tfjs: 'TensorFlow.js', keras: 'Keras', pytorch: 'PyTorch', flax: 'Flax' },
    default: 'tfjs',
    scenes: ['code'],
  }),
};

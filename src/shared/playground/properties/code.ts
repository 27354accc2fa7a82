import { text } from '../property';

/** Where the settings came from, when they were handed over from code. */
export const code = {
  layer: text({ label: 'Layer', default: '', maxLength: 120, scenes: [] }),
};

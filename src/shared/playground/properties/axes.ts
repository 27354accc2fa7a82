import { choice, edits, integer, real } from '../property';

/** What the first scene has of its own. The cell is counted from 0; one beyond the tensor is moved into it. */
export const axes = {
  view: choice({
    label: 'View',
    options: { together: 'Side by side', one: 'One large' },
    default: 'together',
    scenes: ['axes'],
  }),
  cellSample: integer({ label: 'Sample n', default: 0, min: 0, max: 4095, scenes: ['axes', 'coupling'] }),
  cellChannel: integer({ label: 'Channel c', default: 8191, min: 0, max: 8191, scenes: ['axes', 'coupling'] }),
  cellRow: integer({ label: 'Row h', default: 0, min: 0, max: 4095, scenes: ['axes', 'coupling'] }),
  cellColumn: integer({ label: 'Column w', default: 0, min: 0, max: 4095, scenes: ['axes', 'coupling'] }),
  gamma: real({
    label: 'Scale γ',
    help: 'Learned: what the normalised value is multiplied by.',
    default: 1,
    min: -4,
    max: 4,
    scenes: ['axes'],
  }),
  beta: real({
    label: 'Shift β',
    help: 'Learned: what is added at the end.',
    default: 0,
    min: -4,
    max: 4,
    scenes: ['axes'],
  }),
  edits: edits({ label: 'Changed cells', most: 64, limit: 1e6, scenes: [] }),
};

import { html } from 'lit';
import type { Scene } from '../scene';

export const batchScene: Scene = {
  name: 'batch',
  question: 'batch',
  open: (context) => ({
    render: () => ({ lead: '', controls: html`${context.control('batch')}`, stage: html`` }),
  }),
};

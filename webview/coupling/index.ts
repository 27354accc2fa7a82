import { html } from 'lit';
import type { Scene } from '../scene';

export const couplingScene: Scene = {
  name: 'coupling',
  question: 'coupling',
  open: (context) => ({
    render: () => ({ lead: '', controls: html`${context.control('batch')}`, stage: html`` }),
  }),
};

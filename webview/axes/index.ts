import { html } from 'lit';
import type { Scene } from '../scene';

export const axesScene: Scene = {
  name: 'axes',
  question: 'axes',
  open: (context) => ({
    render: () => ({ lead: '', controls: html`${context.control('batch')}`, stage: html`` }),
  }),
};

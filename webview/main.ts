import { init } from '../runtime';
import './theme/index.css';
import { App } from './app';
import { findHost } from './host';
import { scenes } from './scenes';
import { applyTheme } from './theme/theme';
import { defineElements } from './toolkit';
import { blobWorker, Work } from './work/client';

const root = document.getElementById('playground');
if (root === null) throw new Error('The page has no #playground.');

const { worker = '', open = '', motion } = root.dataset;
const host = findHost(open);
if (!host.inEditor) applyTheme();
defineElements();
const work = new Work(() => blobWorker(worker));
const app = new App(root, scenes, host, work, motion === 'reduced');
requestAnimationFrame(() =>
  setTimeout(() => {
    // For the bench: the first frame is painted once a task behind its callbacks runs.
    performance.mark('playground:first-frame');
    // Compiled after it, which needs none. Where the main thread may not compile the fast kernels at once, they come later;
    // the numbers are the same.
    void init().then(() => app.redraw());
  }),
);

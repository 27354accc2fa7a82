// Re-exports, barrels, default exports, namespaces, renamed and live bindings, a cycle.

import * as tf from '@tensorflow/tfjs';
import * as lib from './lib/index.js';
import build, { blocks, config, width as w } from './lib/index.js';

const input = tf.input({ shape: [config.size, config.size, lib.CHANNELS] });
const x = blocks.conv(input, w);
export const model = tf.model({ inputs: input, outputs: lib.head(blocks.norm(x)) });
export const other = tf.sequential({ layers: build(lib.default === build ? 3 : 4) });

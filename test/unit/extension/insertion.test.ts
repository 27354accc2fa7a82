import { describe, expect, it } from 'vitest';
import { withoutKnownImport } from '../../../src/extension/playground/insertion';

const CODE = "import * as tf from '@tensorflow/tfjs';\n\nconst norm = tf.layers.batchNormalization();\n";

describe('code that is inserted into a file', () => {
  it.each([
    'import * as tf from "@tensorflow/tfjs-node";\n',
    "import tf from '@tensorflow/tfjs';\n",
    "const tf = require('@tensorflow/tfjs');\n",
  ])('leaves its import out where the file begins with %s', (file) => {
    expect(withoutKnownImport(CODE, file)).toBe('const norm = tf.layers.batchNormalization();\n');
  });

  it.each(['', "import * as tfvis from '@tensorflow/tfjs-vis';\n", "import { layers } from '@tensorflow/tfjs';\n"])(
    'keeps its import where the file has no such name: %j',
    (file) => {
      expect(withoutKnownImport(CODE, file)).toBe(CODE);
    },
  );

  it('is as it is where it imports something else', () => {
    const python = 'from torch import nn\n\nnorm = nn.BatchNorm2d(32)\n';
    expect(withoutKnownImport(python, "import * as tf from '@tensorflow/tfjs';\n")).toBe(python);
  });
});

import { setOption } from './edits';
import { isDefault, isNorm, numberOption, optionPlace } from './layers';
import type { Rule } from './rule';
import { plain } from './words';

/** Half the smallest subnormal of float16 is rounded to 0; this is the smallest subnormal, 2^-24. */
const HALF_SMALLEST = 2 ** -24;
/** The smallest normal of float32, below which GPUs flush to 0. */
const SINGLE_SMALLEST_NORMAL = 2 ** -126;

export const epsilonBelowPrecision: Rule = {
  id: 'NL212',
  name: 'epsilon-below-precision',
  severity: 'warning',
  summary: 'An ε so small that half-precision textures round it to 0',
  check(trace, report) {
    const backend = trace.of('backend').at(-1)?.name;
    const gpu = backend === 'webgl' || backend === 'webgpu';
    for (const { layer } of trace.of('layerMade')) {
      if (!isNorm(layer) || isDefault(layer, 'epsilon')) continue;
      const epsilon = numberOption(layer, 'epsilon', 1e-3);
      if (epsilon === undefined || epsilon <= 0 || epsilon >= HALF_SMALLEST) continue;
      const nothing = epsilon < SINGLE_SMALLEST_NORMAL;
      if (!nothing && backend !== undefined && !gpu) continue;
      const edit = setOption(trace, layer, 'epsilon', '1e-5');
      report({
        at: optionPlace(layer, 'epsilon'),
        about: layer,
        severity: nothing || gpu ? 'warning' : 'information',
        message: nothing
          ? `epsilon ${plain(epsilon)} is 0 in float32: a variance of 0 gives NaN`
          : `epsilon ${plain(epsilon)} is below 5.96e-8, so it is 0 wherever WebGL textures are half precision`,
        advice:
          'WebGL on phones computes in float16, whose smallest positive number is 5.96e-8 (below 6.1e-5 digits are lost as well); a smaller ε is rounded to 0 there, and a constant feature gives NaN. TensorFlow.js uses 1e-3 in its layers and 1e-4 as the ε of half-precision backends.',
        facts: { epsilon, smallestHalf: HALF_SMALLEST },
        fixes:
          edit === undefined
            ? []
            : [{ title: 'Use epsilon: 1e-5 (outputs change slightly)', safe: false, edits: [edit] }],
      });
    }
  },
};

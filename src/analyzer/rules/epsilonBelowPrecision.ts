import { setOption } from './edits';
import { isDefault, isNorm, numberOption, optionPlace } from './layers';
import type { Rule } from './rule';
import { plain } from './words';

/** Half the smallest subnormal of float16 is rounded to 0; this is the smallest subnormal, 2^-24. */
const HALF_SMALLEST = 2 ** -24;
/**
 * The gradient of the fused kernel takes (v + ε)^−1.5 (tfjs-core, FusedBatchNorm_grad): below this, at a variance of 0, it is
 * more than float32 holds, 3.4e38, and infinity times 0 is NaN.
 */
const SINGLE_OVERFLOW = 3.4028234663852886e38 ** (-2 / 3);

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
      const nothing = epsilon < SINGLE_OVERFLOW;
      if (!nothing && backend !== undefined && !gpu) continue;
      const edit = setOption(trace, layer, 'epsilon', '1e-3');
      report({
        at: optionPlace(layer, 'epsilon'),
        about: layer,
        severity: nothing || gpu ? 'warning' : 'information',
        message: nothing
          ? `epsilon ${plain(epsilon)} is too small for float32: where a variance is 0, training gives NaN`
          : `epsilon ${plain(epsilon)} is below 5.96e-8: in half-precision WebGL textures a variance of 0 stays 0`,
        advice:
          'WebGL on phones keeps tensors in float16, whose smallest positive number is 5.96e-8 (below 6.1e-5 digits are lost as well). The forward pass adds ε inside its shader, but the gradient writes variance + ε to a texture: of a constant feature it is 0 there, its inverse root infinite, and training gives NaN; so does a norm that is written by hand. The gradient takes (v + ε)^−1.5 besides, which at v = 0 is beyond float32 for ε under 2.05e-26, and beyond float16 (65504) for ε under 6.2e-4. The default of the layers is 1e-3.',
        facts: { epsilon, smallestHalf: HALF_SMALLEST },
        fixes:
          edit === undefined
            ? []
            : [{ title: 'Use epsilon: 1e-3 (outputs change slightly)', safe: false, edits: [edit] }],
      });
    }
  },
};

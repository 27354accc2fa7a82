import { showShape } from '../shapes/shape';
import { before, isNorm, statisticsAxes } from './layers';
import type { Rule } from './rule';
import { percent } from './words';

export const normAfterPadding: Rule = {
  id: 'NL219',
  name: 'norm-after-padding',
  severity: 'information',
  summary: 'Zero padding feeds a normalization whose statistics take the border in',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      const padding = isNorm(call.layer) ? before(call) : undefined;
      if (padding === undefined || !/^zeroPadding/.test(padding.layer.type)) continue;
      const [inner, outer] = [padding.inputs[0]?.shape, call.inputs[0]?.shape];
      if (inner === null || inner === undefined || outer === null || outer === undefined) continue;
      // Over the last axis alone a padded position is normalised by itself.
      if (statisticsAxes(call.layer, outer.length)?.some((axis) => axis > 0 && axis < outer.length - 1) !== true)
        continue;
      const share = borderShare(
        inner.slice(1, -1).map((a) => a.dim),
        outer.slice(1, -1).map((a) => a.dim),
      );
      report({
        at: call.layer.at,
        about: call.layer,
        message: `The zeros of ${padding.layer.type} enter the statistics${share === undefined ? '' : `: ${percent(share)} of ${showShape(outer)}`}`,
        advice:
          "The border of zeros pulls the mean towards 0 and changes the variance, by a share that depends on the size of the image; after the norm the border is no longer 0 either, so the convolution does not see zero padding. Normalise first and pad afterwards, or pad in the convolution (`padding: 'same'`).",
        facts: share === undefined ? {} : { borderShare: share },
        related: [{ at: padding.layer.at, message: 'padded here' }],
      });
    }
  },
};

/** The share of positions that padding added. */
function borderShare(inner: readonly unknown[], outer: readonly unknown[]): number | undefined {
  const size = (dims: readonly unknown[]): number =>
    dims.reduce<number>((p, d) => (typeof d === 'number' ? p * d : Number.NaN), 1);
  const share = 1 - size(inner) / size(outer);
  return Number.isNaN(share) ? undefined : share;
}

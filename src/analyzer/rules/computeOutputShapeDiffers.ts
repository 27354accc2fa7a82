import { showDim } from '../shapes/dim';
import type { Shape } from '../shapes/shape';
import type { Rule } from './rule';
import { called } from './words';

export const computeOutputShapeDiffers: Rule = {
  id: 'NL122',
  name: 'compute-output-shape-differs',
  severity: 'warning',
  summary:
    'The call of a custom layer gives another shape than its computeOutputShape, which the rest of the model is built for',
  check(trace, report) {
    for (const { at, layer, hasMethod, declared, computed, certain } of trace.of('outputShapeDiffers')) {
      if (!certain) continue;
      const name = called(layer);
      const [said, got] = [show(declared), show(computed)];
      report({
        at,
        message: hasMethod
          ? `computeOutputShape of ${name} says ${said}, but call gives ${got}`
          : `call of ${name} gives ${got}; without computeOutputShape the model takes it for its input's ${said}`,
        advice:
          'TensorFlow.js builds the layers behind this one for what computeOutputShape says (by default: the shape of the input), and learns only in fit or predict what call gives. Return from computeOutputShape the shape that call gives.',
        facts: { declared: said, computed: got },
        related:
          layer.at.file === at.file && layer.at.start === at.start
            ? []
            : [{ at: layer.at, message: 'the layer is made here' }],
        about: layer,
      });
    }
  },
};

/** `[null,8,3]`: the batch is any. */
function show(shape: Shape): string {
  if (shape === null) return '?';
  return `[${shape.map(({ dim }, i) => (i === 0 && typeof dim !== 'number' ? 'null' : showDim(dim))).join(',')}]`;
}

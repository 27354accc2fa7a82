import type { Shape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { LayerResult } from '../../plain';
import { refuse } from '../../refused';
import { type Row, row } from './row';

/** A layer that leaves the shape alone. Symbolically tfjs lets a list through as it is; real tensors must be one. */
export function unchanged(rest: Omit<Row, 'output'>): LayerSpec {
  return row({
    ...rest,
    output: (_, inputs): Shape | LayerResult =>
      inputs.length > 1 ? { outputs: inputs, list: true } : (inputs[0] ?? null),
    run(options, inputs) {
      if (inputs.length > 1)
        refuse('argument-count', `${rest.type} takes one input but got ${inputs.length}`, {
          when: 'run',
          original: `Expected Tensor length to be 1; got ${inputs.length}`,
        });
      rest.run?.(options, inputs);
    },
  });
}

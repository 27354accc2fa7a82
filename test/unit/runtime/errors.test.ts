import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';

const { filled, NormError } = runtime;
const x = filled([2, 4, 4, 6], 1);

/** Options as JavaScript code may give them. */
const untyped = (options: Readonly<Record<string, unknown>>): object => options;

function errorFrom(run: () => unknown): InstanceType<typeof NormError> {
  try {
    run();
  } catch (error) {
    if (error instanceof NormError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const mistakes: readonly (readonly [string, runtime.NormErrorCode, string, () => unknown])[] = [
  [
    'a rank of 1',
    'rank',
    'batchNorm: expected a tensor of rank 2 to 5, got rank 1 [6]',
    () => runtime.batchNorm().forward(filled([6])),
  ],
  [
    'a rank of 6',
    'rank',
    'instanceNorm: expected a tensor of rank 2 to 5, got rank 6 [1,1,1,1,1,2]',
    () => runtime.instanceNorm().forward(filled([1, 1, 1, 1, 1, 2])),
  ],
  [
    'a dim of 0',
    'shape',
    'batchNorm: expected positive integer dims, got [2,0]',
    () => runtime.batchNorm().forward(filled([2, 0])),
  ],
  [
    'data that the shape does not fit',
    'size',
    'batchNorm: expected 6 values for shape [2,3], got 5',
    () => runtime.batchNorm().forward({ data: new Float32Array(5), shape: [2, 3] }),
  ],
  [
    'float64 data',
    'dtype',
    'batchNorm: expected a Float32Array, got Float64Array',
    () => runtime.batchNorm().forward({ data: new Float64Array(6) as unknown as Float32Array, shape: [2, 3] }),
  ],
  [
    'groups that do not divide',
    'groups',
    'groupNorm: expected a number of groups that divides 6 channels, got 4',
    () => runtime.groupNorm({ groups: 4 }).forward(x),
  ],
  [
    'slices that do not divide',
    'groups',
    'ghostBatchNorm: expected a slice size that divides the batch of 2, got 3',
    () => runtime.ghostBatchNorm({ size: 3 }).forward(x),
  ],
  [
    'replicas that do not add up',
    'groups',
    'syncBatchNorm: expected replicas that share a batch of 2 samples, got [1,2]',
    () => runtime.syncBatchNorm({ replicas: [1, 2] }).forward(x),
  ],
  [
    'an epsilon of 0',
    'epsilon',
    'layerNorm: expected a positive, finite epsilon, got 0',
    () => runtime.layerNorm({ epsilon: 0 }),
  ],
  [
    'an epsilon of NaN',
    'epsilon',
    'rmsNorm: expected a positive, finite epsilon, got NaN',
    () => runtime.rmsNorm({ epsilon: Number.NaN }),
  ],
  [
    'a momentum over 1',
    'option',
    'batchNorm: expected a momentum from 0 to 1, got 1.5',
    () => runtime.batchNorm({ momentum: 1.5 }),
  ],
  [
    'an axis out of range',
    'option',
    'layerNorm: expected axes from -4 to 3, got [4]',
    () => runtime.layerNorm({ axis: 4 }).forward(x),
  ],
  [
    'an axis named twice',
    'option',
    'layerNorm: expected distinct axes, got [3,-1]',
    () => runtime.layerNorm({ axis: [3, -1] }).forward(x),
  ],
  [
    'a γ of another size',
    'parameter',
    'batchNorm gamma: expected shape [6], got [4]',
    () => runtime.batchNorm().forward(x, { gamma: filled([4], 1) }),
  ],
  [
    'Keras’s name of a layout',
    'option',
    'batchNorm: expected channelsLast or channelsFirst, got channels_last',
    () => runtime.batchNorm({ layout: 'channels_last' as runtime.Layout }).forward(x),
  ],
  [
    'PyTorch’s name of a mode',
    'option',
    'batchNorm: expected train or infer, got eval',
    () => runtime.batchNorm().forward(x, {}, runtime.batchNorm().state(x.shape), 'eval' as runtime.Mode),
  ],
  [
    'an array for a tensor',
    'dtype',
    'batchNorm gamma: expected a Float32Array, got Undefined',
    () => runtime.batchNorm().forward(x, { gamma: new Float32Array(6) as unknown as runtime.Tensor }),
  ],
  [
    'a state of another size',
    'shape',
    'batchNorm: expected a state of 6 channels, got 4',
    () => runtime.batchNorm().forward(x, {}, runtime.batchNorm().state([2, 4])),
  ],
  [
    'inference without a state',
    'option',
    'batchNorm: expected running statistics in infer mode, got no state',
    () => runtime.batchNorm().forward(x, {}, null, 'infer'),
  ],
  [
    'a dy of another shape',
    'shape',
    'batchNorm: expected dy of shape [2,4,4,6], got [2,4,24]',
    () => {
      const norm = runtime.batchNorm();
      norm.backward(filled([2, 4, 24]), norm.forward(x).saved);
    },
  ],
  [
    'a style of other channels',
    'parameter',
    'adaptiveInstanceNorm style: expected 2 samples of 6 channels, or 1, got 2 samples of 3 channels',
    () => runtime.adaptiveInstanceNorm().forward(x, { style: filled([2, 9, 9, 3]) }),
  ],
  [
    'a style of another batch',
    'parameter',
    'adaptiveInstanceNorm style: expected 2 samples of 6 channels, or 1, got 3 samples of 6 channels',
    () => runtime.adaptiveInstanceNorm().forward(x, { style: filled([3, 4, 4, 6]) }),
  ],
  [
    'no style',
    'parameter',
    'adaptiveInstanceNorm: expected a style, or scale and shift, got none',
    () => runtime.adaptiveInstanceNorm().forward(x),
  ],
  [
    'a style and a scale',
    'parameter',
    'adaptiveInstanceNorm: expected a style, or scale and shift, got both',
    () => runtime.adaptiveInstanceNorm().forward(x, { style: x, scale: filled([6]) }),
  ],
  [
    'a scale for all samples beside a shift for each',
    'parameter',
    'adaptiveInstanceNorm shift: expected shape [6], got [2,6]',
    () => runtime.adaptiveInstanceNorm().forward(x, { scale: filled([6]), shift: filled([2, 6]) }),
  ],
  [
    'a scale of other channels',
    'parameter',
    'adaptiveInstanceNorm scale: expected shape [2,6], got [4]',
    () => runtime.adaptiveInstanceNorm().forward(x, { scale: filled([4]) }),
  ],
  [
    'an option that is misspelt',
    'option',
    'layerNorm: expected options named axis, epsilon, engine, got epsilonn (did you mean epsilon?)',
    () => runtime.layerNorm(untyped({ epsilonn: 1e-5 })),
  ],
  [
    'PyTorch’s name of an option',
    'option',
    'batchNorm: expected options named layout, epsilon, engine, convention, momentum, guard, got eps (did you mean epsilon?)',
    () => runtime.batchNorm(untyped({ eps: 1e-5 })),
  ],
  [
    'an option in another case and with a word before it',
    'option',
    'groupNorm: expected options named groups, layout, epsilon, engine, got numGroups (did you mean groups?)',
    () => runtime.groupNorm(untyped({ numGroups: 2 })),
  ],
  [
    'an option of another norm',
    'option',
    'rmsNorm: expected options named axis, epsilon, engine, got momentum',
    () => runtime.rmsNorm(untyped({ momentum: 0.9 })),
  ],
  [
    'a name that every object has',
    'option',
    'weightNorm: expected options named units, engine, got toString',
    () => runtime.weightNorm(untyped({ toString: undefined })),
  ],
  [
    'Keras’s name of a layout, of pixels',
    'option',
    'pixelNorm: expected channelsLast or channelsFirst, got channels_first',
    () => runtime.pixelNorm({ layout: 'channels_first' as runtime.Layout }),
  ],
  [
    'another name of the units’ axis',
    'option',
    'weightNorm: expected last or first, got out',
    () => runtime.weightNorm({ units: 'out' as runtime.UnitAxis }).forward(x),
  ],
  [
    'a label out of range',
    'parameter',
    'conditionalBatchNorm labels: expected integers from 0 to 1, got 2',
    () =>
      runtime
        .conditionalBatchNorm({ conditions: 2 })
        .forward(x, { labels: { data: Float32Array.of(0, 2), shape: [2] } }),
  ],
  [
    'an even window',
    'option',
    'localResponseNorm: expected an odd, positive size, got 4',
    () => runtime.localResponseNorm({ size: 4 }),
  ],
  [
    'an rMax under 1',
    'option',
    'batchRenorm: expected rMax of at least 1, got 0.5',
    () => runtime.batchRenorm({ rMax: 0.5 }),
  ],
  [
    'a weight of rank 1',
    'rank',
    'weightNorm: expected a tensor of rank 2 to 5, got rank 1 [6]',
    () => runtime.weightNorm().forward(filled([6], 1)),
  ],
  [
    'values that a shape does not fit',
    'size',
    'tensor: expected 4 values for shape [2,2], got 3',
    () => runtime.tensor([1, 2, 3], [2, 2]),
  ],
];

describe('an input error', () => {
  it.each(mistakes)('names what was expected and what came: %s', (_, code, message, run) => {
    const error = errorFrom(run);
    expect(error.code).toBe(code);
    expect(error.message).toBe(message);
    expect(error.message).toBe(`${error.where}: expected ${error.expected}, got ${error.actual}`);
  });

  it.each(Object.entries(runtime).filter(([name]) => /(Norm|Renorm|Tanh|Standardization)$/.test(name)))(
    'is thrown by %s for an option that it does not know',
    (name, make) => {
      const error = errorFrom(() => (make as (options: object) => unknown)({ sigma: 1 }));
      expect(error).toMatchObject({ code: 'option', where: name, actual: 'sigma' });
      // What it names are the options that it takes.
      const known = error.expected.replace('options named ', '').split(', ');
      expect(known).toContain('engine');
      const valid = { conditions: 2, size: 3, replicas: 1 };
      const options = Object.fromEntries(known.map((option) => [option, valid[option as keyof typeof valid]]));
      expect(() => (make as (options: object) => unknown)(options)).not.toThrow();
    },
  );

  it('leaves the arena as it was', () => {
    const engine = new runtime.Engine('simd');
    const before = engine.used;
    expect(() => runtime.groupNorm({ groups: 4, engine }).forward(x)).toThrow(NormError);
    expect(engine.used).toBe(before);
  });
});

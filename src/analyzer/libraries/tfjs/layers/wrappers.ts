import { mul, same } from '../../../shapes/dim';
import { axis, inRole, type Shape, showShape } from '../../../shapes/shape';
import type { WeightFact } from '../../../trace/facts';
import type { LayerSpec } from '../../layerSpec';
import type { LayerLike, LayerResult } from '../../plain';
import { Refused, refuse } from '../../refused';
import { oneOf, required } from './checks';
import { at, atLeastRanked, row } from './row';
import { stepOf } from './states';

/** What the inner layer does; null where a wrapper skips the checks by which the layer alone would refuse its rank. */
function unlessRank<T>(of: () => T): T | null {
  try {
    return of();
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'rank') return null;
    throw error;
  }
}

/** The outputs of a layer that is built. */
const outputsOf = (layer: LayerLike, inputs: readonly Shape[], symbolic: boolean): LayerResult =>
  layer.again?.(inputs, inputs, symbolic) ?? layer.call(inputs, symbolic);

const sequenceInput = (inputs: readonly Shape[]): Shape =>
  atLeastRanked('timeDistributed', inputs, 3, '[batch, time, …]', 'TimeDistributed layer expects an input shape >= 3D');

/** Flatten alone wants rank 3; inside it is never asked. */
const isFlat = (layer: LayerLike | undefined, input: Shape): boolean =>
  layer?.type === 'flatten' && input?.length === 3;

const timeDistributed = row({
  type: 'timeDistributed',
  className: 'TimeDistributed',
  needsOptions: true,
  options: ['layer'],
  accept(options, inputs) {
    const input = sequenceInput(inputs);
    required('timeDistributed', options, 'layer', 'a layer');
    if (input !== null && !isFlat(options.layer('layer'), input))
      unlessRank(() => options.layer('layer')?.call([stepOf(input)]));
  },
  build(options, inputs) {
    const input = sequenceInput(inputs);
    const layer = options.layer('layer');
    if (layer === undefined || input === null) return undefined;
    return unlessRank(() => layer.weights([stepOf(input)])) ?? undefined;
  },
  output(options, inputs, symbolic) {
    const input = sequenceInput(inputs);
    const layer = options.layer('layer');
    if (layer === undefined || input === null) return null;
    const step = stepOf(input);
    const time = inRole(at(input, 1), 'time');
    if (isFlat(layer, input)) return [at(step, 0), time, at(step, 1)];
    const result = unlessRank(() => outputsOf(layer, [step], symbolic));
    const [output] = result?.outputs ?? [];
    if (output == null || result?.outputs.length !== 1) return null;
    return [...output.slice(0, 1), time, ...output.slice(1)];
  },
  run(options, inputs) {
    const input = sequenceInput(inputs);
    const layer = options.layer('layer');
    if (input === null || layer === undefined) return;
    const step = stepOf(input);
    const wanted = refusedRank(layer, step);
    if (wanted === undefined) return isFlat(layer, input) ? undefined : layer.run?.([step]);
    const lone = opsOfRank.get(layer.type);
    if (lone === undefined || (lone && step.length === wanted - 1)) return;
    refuse('rank', `timeDistributed: ${layer.type} needs rank ${wanted} but each step is ${showShape(step)}`, {
      when: 'run',
    });
  },
  refit(_, first, inputs) {
    const [built, now] = [first[0] ?? null, inputs[0] ?? null];
    if (built === null || now === null) return;
    if (built.some((a, i) => now[i] !== undefined && same(a.dim, at(now, i).dim) === false))
      refuse('data-shape', `timeDistributed was built for ${showShape(built)} but now gets ${showShape(now)}`, {
        original: 'expected shape=',
      });
    if (now.length < 3)
      refuse('rank', `timeDistributed needs an input [batch, time, …] but got ${showShape(now)}`, { when: 'run' });
  },
});

/** Layers whose ops refuse another rank, and whether they take one tensor without its batch. */
const opsOfRank: ReadonlyMap<string, boolean> = new Map([
  ...['conv2d', 'conv3d', 'maxPooling2d', 'averagePooling2d'].map((type) => [type, true] as const),
  ...['conv1d', 'simpleRNN', 'gru', 'lstm', 'zeroPadding2d'].map((type) => [type, false] as const),
]);

/** The rank that the layer alone would ask for, where it refuses that of the step. */
function refusedRank(layer: LayerLike, step: Shape): number | undefined {
  try {
    layer.call([step]);
  } catch (error) {
    const asked = error instanceof Refused ? /^expected ndim=(\d+)/.exec(error.refusal.original ?? '') : null;
    return asked === null ? undefined : Number(asked[1]);
  }
  return undefined;
}

const modes: readonly string[] = ['sum', 'mul', 'concat', 'ave'];

/** Twice as wide: both directions side by side. */
function doubled(output: Shape): Shape {
  return output === null ? null : [...output.slice(0, -1), axis(mul(at(output, -1).dim, 2), at(output, -1).role)];
}

/** The states that each direction starts from, after the input: halves of what follows it. */
function directions(inputs: readonly Shape[]): readonly (readonly Shape[])[] {
  const states = inputs.slice(1);
  if (states.length % 2 === 1)
    refuse('argument-count', `bidirectional needs states for both directions but was given ${states.length}`, {
      original: 'When passing `initialState` to a Bidrectional RNN',
    });
  const half = states.length / 2;
  return [
    [inputs[0] ?? null, ...states.slice(0, half)],
    [inputs[0] ?? null, ...states.slice(half)],
  ];
}

const bidirectional = row({
  type: 'bidirectional',
  className: 'Bidirectional',
  needsOptions: true,
  options: ['layer', 'mergeMode'],
  construct(options) {
    required('bidirectional', options, 'layer', 'a recurrent layer');
    if (options.layer('layer')?.type === 'rnn')
      refuse('option', 'bidirectional cannot copy tf.layers.rnn: wrap lstm, gru or simpleRNN', {
        when: 'construct',
        argument: 'layer',
        original: 'Improper config format',
      });
    oneOf('bidirectional', options, 'mergeMode', modes, 'BidirectionalMergeMode');
    if (options.has('weights') === true)
      refuse('option', 'bidirectional takes no weights option', {
        when: 'construct',
        argument: 'weights',
        original: 'weights support is not implemented for Bidirectional layer yet.',
      });
  },
  accept(options, inputs) {
    for (const both of directions(inputs)) options.layer('layer')?.call(both);
  },
  build(options, inputs) {
    const layer = options.layer('layer');
    const each = directions(inputs).map((both) => layer?.weights(both));
    if (!each.every((w): w is readonly WeightFact[] => w !== undefined)) return undefined;
    const all = each.flat();
    return [...all.filter((w) => w.trainable), ...all.filter((w) => !w.trainable)];
  },
  output(options, inputs, symbolic) {
    const layer = options.layer('layer');
    if (layer === undefined) return { outputs: [null], countUnknown: true };
    const [forward, backward] = directions(inputs).map((both) => outputsOf(layer, both, symbolic));
    if (forward === undefined || backward === undefined || forward.countUnknown)
      return { outputs: [null], countUnknown: true };
    const [output = null, ...states] = forward.outputs;
    const all = [...states, ...states];
    const mode = options.get('mergeMode');
    if (mode === null) return { outputs: [output, output, ...all], list: true };
    if (mode !== undefined && typeof mode !== 'string') return { outputs: [null], countUnknown: true };
    const merged = mode === undefined || mode === 'concat' ? doubled(output) : output;
    return states.length === 0 ? { outputs: [merged] } : { outputs: [merged, ...all], list: true };
  },
  refit(options, first, inputs) {
    try {
      options.layer('layer')?.again?.(first.slice(0, 1), inputs.slice(0, 1));
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal.code === 'rank') throw error;
      // The wrapper keeps the checks of a layer that is not built; its kernels fail when tensors flow.
      throw new Refused({ ...error.refusal, when: 'run' });
    }
  },
});

export const wrappers: readonly LayerSpec[] = [timeDistributed, bidirectional];

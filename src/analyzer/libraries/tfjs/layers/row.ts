import { type Dim, isDefinite, showDim } from '../../../shapes/dim';
import { type Axis, type Shape, showShape, unknownOfRank } from '../../../shapes/shape';
import type { WeightFact } from '../../../trace/facts';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import type { LayerResult } from '../../plain';
import { refuse } from '../../refused';

/** A layer as the families write it: `call` and `weights` of a `LayerSpec` follow from these. */
export interface Row extends Omit<LayerSpec, 'call' | 'again' | 'weights'> {
  /** Refuses what the checks on inputs and `build` refuse. */
  accept?(options: Options, inputs: readonly Shape[]): void;
  /** The weights that build makes, in the order of tfjs's `layer.weights`; sizes that are null or not whole are refused. */
  build?(options: Options, inputs: readonly Shape[]): readonly WeightFact[] | undefined;
  /** Refuses what no longer fits a layer that was built for `first`. */
  refit?(options: Options, first: readonly Shape[], inputs: readonly Shape[]): void;
  output(options: Options, inputs: readonly Shape[], symbolic: boolean): Shape | LayerResult;
}

export function row({ accept, build, refit, output, ...rest }: Row): LayerSpec {
  return {
    ...rest,
    call(options, inputs, symbolic) {
      accept?.(options, inputs);
      for (const made of build?.(options, inputs) ?? []) refuseSize(rest.type, made);
      return output(options, inputs, symbolic);
    },
    again(options, first, inputs, symbolic) {
      refit?.(options, first, inputs);
      return output(options, inputs, symbolic);
    },
    ...(build === undefined ? {} : { weights: (options, inputs) => settled(build(options, inputs)) }),
  };
}

/** A weight; the layer's own `trainable: false` freezes it from the start. */
export function weight(options: Options, name: string, shape: readonly Dim[], trainable = true): WeightFact {
  return { name, shape, trainable: trainable && options.boolean('trainable', true) !== false };
}

function settled(weights: readonly WeightFact[] | undefined): readonly WeightFact[] | undefined {
  return weights?.every((w) => w.shape.every(isDefinite)) ? weights : undefined;
}

function refuseSize(type: string, { name, shape }: WeightFact): void {
  const bad = shape.find((d) => d === null || (typeof d === 'number' && !(Number.isInteger(d) && d >= 0)));
  if (bad === undefined) return;
  const sizes = `[${shape.map(showDim).join(',')}]`;
  refuse(
    bad === null ? 'undefined-dim' : 'option',
    bad === null
      ? `${type} needs a fixed size for its ${name} but the input leaves it open: ${sizes}`
      : `${type} cannot make its ${name} of shape ${sizes}`,
    { original: 'Tensor must have a shape comprised of positive integers but got shape' },
  );
}

/** The one input of a layer that takes one. */
export function oneInput(type: string, inputs: readonly Shape[]): Shape {
  if (inputs.length > 1)
    refuse('argument-count', `${type} takes one input but got ${inputs.length}`, {
      original: `expects 1 inputs, but it received ${inputs.length} input tensors.`,
    });
  return inputs[0] ?? null;
}

/** The axes of an input that must have this rank; an unknown rank becomes this rank with unknown sizes. */
export function ranked(type: string, inputs: readonly Shape[], rank: number, layout: string): readonly Axis[] {
  const input = oneInput(type, inputs);
  if (input === null) return unknownOfRank(rank);
  if (input.length !== rank)
    refuse('rank', `${type} needs a rank-${rank} input ${layout} but got ${showShape(input)}`, {
      original: `expected ndim=${rank}, found ndim=${input.length}`,
    });
  return input;
}

/** The axes of an input of at least this rank, null where the rank is unknown. */
export function atLeastRanked(
  type: string,
  inputs: readonly Shape[],
  rank: number,
  layout: string,
  original?: string,
): Shape {
  const input = oneInput(type, inputs);
  if (input !== null && input.length < rank)
    refuse('rank', `${type} needs an input of rank ${rank} or more ${layout} but got ${showShape(input)}`, {
      original: original ?? `expected min_ndim=${rank}, found ndim=${input.length}.`,
    });
  return input;
}

/** The member of a list that is known to be long enough. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`);
  return item;
}

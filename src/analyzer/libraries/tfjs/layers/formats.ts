import { type Dim, same, showDim } from '../../../shapes/dim';
import { type Axis, axis, inRole, type Role, type Shape, showShape } from '../../../shapes/shape';
import type { Options } from '../../options';
import { Refused, refuse } from '../../refused';
import { at, ranked } from './row';

/** `channelsFirst` or `channelsLast` images of 1, 2 or 3 spatial dims: which axis is what. */

const spatial: readonly (readonly Role[])[] = [[], ['time'], ['height', 'width'], ['depth', 'height', 'width']];

export type Format = 'channelsFirst' | 'channelsLast';

/** The option, undefined where not known. */
export function formatOf(options: Options): Format | undefined {
  const format = options.string('dataFormat', 'channelsLast');
  return format === 'channelsFirst' || format === 'channelsLast' ? format : undefined;
}

/** `[batch, height, width, channels]`, for messages. */
export function layoutOf(dims: number, format: Format | undefined): string {
  const names = spatial[dims] ?? [];
  if (format === undefined) return `of ${dims} spatial axes, batch and channels`;
  return `[${['batch', ...(format === 'channelsFirst' ? ['channels', ...names] : [...names, 'channels'])].join(', ')}]`;
}

/** An input taken apart by its format. */
export interface Image {
  readonly batch: Axis;
  readonly space: readonly Axis[];
  readonly channels: Axis;
}

/** An input of `dims` spatial axes, read in the given format; refuses any other rank. */
export function imageOf(type: string, inputs: readonly Shape[], dims: number, format: Format): Image {
  const input = ranked(type, inputs, dims + 2, layoutOf(dims, format));
  const space = format === 'channelsFirst' ? input.slice(2) : input.slice(1, -1);
  return {
    batch: inRole(at(input, 0), 'batch'),
    space: space.map((a, i) => inRole(a, at(spatial[dims] ?? [], i))),
    channels: inRole(at(input, format === 'channelsFirst' ? 1 : -1), 'channel'),
  };
}

export function imageShape({ batch, space, channels }: Image, format: Format): readonly Axis[] {
  return format === 'channelsFirst' ? [batch, channels, ...space] : [batch, ...space, channels];
}

/**
 * What holds for each format that the options allow. A refusal stands only if each of them refuses.
 */
export function inFormat(options: Options, of: (format: Format) => Shape): Shape {
  const format = formatOf(options);
  return format === undefined ? either([() => of('channelsLast'), () => of('channelsFirst')]) : of(format);
}

/** The result of whichever alternative holds: what all that are not refused agree on. */
export function either(alternatives: readonly (() => Shape)[]): Shape {
  const results: Shape[] = [];
  let refused: unknown;
  for (const alternative of alternatives) {
    try {
      results.push(alternative());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused = error;
    }
  }
  if (results.length === 0) throw refused;
  return results.reduce(common);
}

/** Equal ranks keep the sizes in which they agree. */
export function common(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((x, i) => {
    const y = at(b, i);
    if (x.id === y.id) return x.role === y.role ? x : { id: x.id, dim: x.dim };
    return axis(x.dim === y.dim || same(x.dim, y.dim) === true ? x.dim : '?', x.role === y.role ? x.role : undefined);
  });
}

/** Refuses a channel axis that is null: the kernel's size depends on it. */
export function needChannels(type: string, input: Shape, channels: Axis, original: string): Dim {
  if (channels.dim === null)
    refuse('undefined-dim', `${type} needs a known number of channels but got ${showShape(input)}`, { original });
  return channels.dim;
}

/** Refuses a later input with other channels than a layer of `dims` spatial axes was built for. */
export function sameChannels(
  type: string,
  options: Options,
  dims: number,
  first: readonly Shape[],
  inputs: readonly Shape[],
  when: 'call' | 'run' = 'call',
): void {
  const format = formatOf(options);
  if (format === undefined) return;
  const index = format === 'channelsFirst' ? 1 : dims + 1;
  const built = first[0]?.[index]?.dim;
  const now = inputs[0]?.[index]?.dim;
  if (built === undefined || now === undefined || same(built, now) !== false) return;
  refuse('channels', `${type} was built for ${showDim(built)} channels but now gets ${showShape(inputs[0] ?? null)}`, {
    when,
    original: `expected axis ${index} of input shape to have value ${showDim(built)} but got shape`,
  });
}

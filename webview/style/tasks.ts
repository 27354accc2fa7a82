import { adaptiveInstanceNorm, instanceNorm, type Statistics, type Tensor } from '../../runtime';
import { PICTURES, type PictureName, type PlaygroundState } from '../../src/shared/playground';
import type { TaskContext } from '../work/task';
import { madePicture, type Pixels } from './pictures';
import {
  BASES,
  type Basis,
  covariance,
  mostScales,
  pixelsOf,
  principalAxes,
  putTogether,
  takeApart,
} from './transform';

/** One of the page's pictures by its name, or one of the reader's by a name that is never used again. */
export interface Source {
  readonly id: string;
  readonly own?: Pixels | undefined;
}

export interface StyleInput {
  readonly content: Source;
  readonly style: Source;
  readonly scales: number;
  readonly colourSpace: PlaygroundState['colourSpace'];
  readonly norm: PlaygroundState['styleNorm'];
  readonly strength: number;
  readonly epsilon: number;
}

/** Of every channel: μ, and σ = √(variance + ε), as the norms have them. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface StyleOutput {
  readonly content: Pixels;
  readonly style: Pixels;
  readonly result: Pixels;
  readonly scales: number;
  readonly basis: Basis;
  readonly statistics: {
    readonly content: ChannelStatistics;
    readonly style: ChannelStatistics;
    readonly result: ChannelStatistics;
  };
  /** Of all numbers of the result's colours, how many lay outside 0 … 255 and were cut. */
  readonly cut: number;
  /** By how much the contrast was changed to be seen; 1 for AdaIN. */
  readonly gain: number;
  /** The largest difference of any pixel when the content is taken apart and put together again, of 255. */
  readonly roundTrip: number;
}

/** What does not depend on the strength: kept for the slider. */
interface Prepared {
  readonly key: string;
  readonly content: Pixels;
  readonly style: Pixels;
  readonly scales: number;
  readonly basis: Basis;
  readonly channels: Tensor;
  readonly normed: Tensor;
  readonly contentStatistics: ChannelStatistics;
  readonly styleStatistics: ChannelStatistics;
  readonly roundTrip: number;
}

const pictures = new Map<string, Pixels>();
const MOST_PICTURES = 10;
let prepared: Prepared | undefined;

/** AdaIN, or instance norm alone, on a picture's channels; the statistics are those that the runtime's norms took. */
export async function transfer(input: StyleInput, { breathe }: TaskContext): Promise<StyleOutput> {
  const ready = await prepare(input, breathe);
  const { channels, normed, content, style, basis, scales, roundTrip } = ready;
  const strength = input.norm === 'instance' ? 1 : input.strength;
  const mixed = between(channels, normed, strength);
  await breathe();
  const result = statisticsOf(mixed, input.epsilon);
  await breathe();
  const planes = putTogether(mixed, basis);
  const gain = input.norm === 'instance' ? shown(planes) : 1;
  const cut = planes.reduce((sum, value) => sum + (value < -0.5 || value > 255.5 ? 1 : 0), 0) / planes.length;
  return {
    content,
    style,
    result: pixelsOf(planes, content.width, content.height),
    scales,
    basis,
    statistics: { content: ready.contentStatistics, style: ready.styleStatistics, result },
    cut,
    gain,
    roundTrip,
  };
}

async function prepare(input: StyleInput, breathe: () => Promise<void>): Promise<Prepared> {
  const { epsilon, norm, colourSpace } = input;
  const key = [input.content.id, input.style.id, input.scales, colourSpace, norm, epsilon].join();
  if (prepared?.key === key) return prepared;
  const [content, style] = [pictureOf(input.content), pictureOf(input.style)];
  await breathe();
  const scales = Math.min(input.scales, mostScales(content), mostScales(style));
  const basis = colourSpace === 'principal' ? principalAxes(covariance([content, style])) : BASES[colourSpace];
  const channels = takeApart(content, basis, scales);
  await breathe();
  const back = putTogether(channels, basis);
  const styleChannels = takeApart(style, basis, scales);
  await breathe();
  const normed =
    norm === 'instance'
      ? instanceNorm({ layout: 'channelsFirst', epsilon }).forward(channels).y
      : adaptiveInstanceNorm({ layout: 'channelsFirst', epsilon }).forward(channels, { style: styleChannels }).y;
  await breathe();
  prepared = {
    ...{ key, content, style, scales, basis, channels, normed },
    contentStatistics: statisticsOf(channels, epsilon),
    styleStatistics: statisticsOf(styleChannels, epsilon),
    roundTrip: largestDifference(back, content),
  };
  return prepared;
}

function pictureOf({ id, own }: Source): Pixels {
  const known = pictures.get(id);
  if (known !== undefined) return known;
  const made = own ?? madePicture(Object.hasOwn(PICTURES, id) ? (id as PictureName) : 'hills');
  pictures.set(id, made);
  const [oldest] = pictures.keys();
  if (pictures.size > MOST_PICTURES && oldest !== undefined) pictures.delete(oldest);
  return made;
}

/** x + strength·(y − x). */
function between(x: Tensor, y: Tensor, strength: number): Tensor {
  if (strength === 1) return y;
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (x.data[i] ?? 0) + strength * ((y.data[i] ?? 0) - (x.data[i] ?? 0));
  return { data, shape: x.shape };
}

/** Every channel's statistics, as the runtime's instance norm takes them. */
function statisticsOf(x: Tensor, epsilon: number): ChannelStatistics {
  const { saved } = instanceNorm({ layout: 'channelsFirst', epsilon }).forward(x);
  return { mean: listOf(saved.mean), deviation: listOf(saved.rstd).map((rstd) => 1 / rstd) };
}

const listOf = (statistics: Statistics): number[] => Array.from(statistics.data);

/** Instance norm's own numbers lie around 0: they are spread around grey, to be seen at all. */
function shown(planes: Float32Array): number {
  const spread = Math.sqrt(planes.reduce((sum, value) => sum + value * value, 0) / planes.length);
  const gain = 50 / Math.max(spread, 1e-6);
  for (let i = 0; i < planes.length; i++) planes[i] = 128 + gain * (planes[i] ?? 0);
  return gain;
}

function largestDifference(planes: Float32Array, { rgba, width, height }: Pixels): number {
  const area = width * height;
  let most = 0;
  for (let i = 0; i < area; i++) {
    for (let k = 0; k < 3; k++) most = Math.max(most, Math.abs((planes[k * area + i] ?? 0) - (rgba[4 * i + k] ?? 0)));
  }
  return most;
}

/** The fifth scene's work. */
export const styleTasks = { 'style.transfer': transfer };

/** The channels' names, and their statistics as a table and as a file. */
import type { PlaygroundState } from '../../src/shared/playground';
import { csvText } from '../export';
import type { ChannelStatistics, StyleOutput } from './tasks';
import { bandsOf, DIRECTIONS } from './transform';

export const COLOURS: Readonly<Record<PlaygroundState['colourSpace'], readonly [string, string, string]>> = {
  rgb: ['red', 'green', 'blue'],
  opponent: ['brightness', 'red – green', 'yellow – blue'],
  principal: ['component 1', 'component 2', 'component 3'],
};

export interface Channel {
  /** Its place among all channels. */
  readonly index: number;
  readonly colour: string;
  readonly band: string;
  /** Pixels over which the change is taken; undefined for what is left. */
  readonly apart: number | undefined;
}

/** Every channel in the order of the tensor. */
export function channelsOf(colourSpace: PlaygroundState['colourSpace'], scales: number): readonly Channel[] {
  const bands = bandsOf(scales);
  return COLOURS[colourSpace].flatMap((colour, c) =>
    Array.from({ length: bands }, (_, b): Channel => {
      const rest = b === bands - 1;
      const apart = 2 ** Math.floor(b / 3);
      const band = rest ? 'the rest' : `${apart} px ${DIRECTIONS[b % 3] ?? ''}`;
      return { index: c * bands + b, colour, band, apart: rest ? undefined : apart };
    }),
  );
}

export function csvOf(channels: readonly Channel[], { statistics }: StyleOutput): string {
  const { content, style, result } = statistics;
  const head = ['colour', 'band', ...['content', 'style', 'result'].flatMap((of) => [`${of} mean`, `${of} deviation`])];
  const pair = ({ mean, deviation }: ChannelStatistics, i: number) => [mean[i], deviation[i]];
  return csvText(
    head,
    channels.map(({ index, colour, band }) => [
      colour,
      band.replace('–', '-'),
      ...[content, style, result].flatMap((of) => pair(of, index)),
    ]),
  );
}

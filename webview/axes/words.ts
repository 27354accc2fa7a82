/** The first scene's words: one sentence a norm, whose words point at the picture, and where each comes from. */
import type { Axis, Layer } from '../../src/shared/illustration';
import type { NormName } from '../../src/shared/playground';

/** What a word points at in the picture. */
export type Pointer = Axis | 'statistics';

export type Segment = string | { readonly words: string; readonly points: Pointer };

interface NormWords {
  readonly sentence: (layer: Layer) => readonly Segment[];
  readonly source: { readonly words: string; readonly href: string };
}

const arxiv = (id: string, words: string) => ({ words, href: `https://arxiv.org/abs/${id}` });

const everySample: Segment = { words: 'every sample', points: 'n' };
const eachSample: Segment = { words: 'each sample', points: 'n' };
const oneMean: Segment = { words: 'one mean', points: 'statistics' };
const oneRoot: Segment = { words: 'no mean but one root mean square r', points: 'statistics' };
const channels = ({ data }: Layer): string => (data === 'images' ? 'channel' : 'feature');
const eachChannel = (layer: Layer): Segment => ({ words: `each ${channels(layer)}`, points: 'c' });
const allChannels = (layer: Layer): Segment => ({ words: `all its ${channels(layer)}s`, points: 'c' });
const places = ({ data }: Layer): string => (data === 'images' ? 'position' : 'step');

/** “, and every position”, where a sample has positions. */
const andPlaces = (layer: Layer, words: string): readonly Segment[] =>
  layer.data === 'features' ? [] : [' and ', { words: `${words} ${places(layer)}`, points: 'p' }];

const eachPlace = (layer: Layer): readonly Segment[] =>
  layer.data === 'features' ? [] : [' at ', { words: `each ${places(layer)}`, points: 'p' }];

const perGroup = (layer: Layer): readonly Segment[] => [
  'In ',
  eachSample,
  ', ',
  oneMean,
  ' for each group of ',
  { words: `${layer.c / layer.groups} ${channels(layer)}s`, points: 'c' },
  ...(layer.data === 'features' ? [] : [', over every ', { words: places(layer), points: 'p' } as const]),
  '.',
];

const perPosition =
  (what: Segment) =>
  (layer: Layer): readonly Segment[] => [
    'In ',
    eachSample,
    ...eachPlace(layer),
    ', ',
    what,
    ' over ',
    allChannels(layer),
    '.',
  ];

const perInstance =
  (what: Segment) =>
  (layer: Layer): readonly Segment[] => [
    'In ',
    eachSample,
    ' and ',
    eachChannel(layer),
    ', ',
    what,
    ...(layer.data === 'features'
      ? [' of a single element']
      : [' over every ', { words: places(layer), points: 'p' } as const]),
    '.',
  ];

export const NORM_WORDS: Readonly<Record<NormName, NormWords>> = {
  batch: {
    sentence: (layer) => [
      'For ',
      eachChannel(layer),
      ', ',
      oneMean,
      ' over ',
      everySample,
      ...andPlaces(layer, 'every'),
      '.',
    ],
    source: arxiv('1502.03167', 'Ioffe & Szegedy 2015'),
  },
  layer: {
    sentence: (layer) => [
      'For ',
      eachSample,
      ', ',
      oneMean,
      ' over ',
      allChannels(layer),
      ...andPlaces(layer, 'every'),
      '.',
    ],
    source: arxiv('1607.06450', 'Ba, Kiros & Hinton 2016'),
  },
  layerChannels: {
    sentence: perPosition(oneMean),
    source: arxiv('1706.03762', 'as in Transformers, Vaswani et al. 2017'),
  },
  instance: { sentence: perInstance(oneMean), source: arxiv('1607.08022', 'Ulyanov et al. 2016') },
  group: { sentence: perGroup, source: arxiv('1803.08494', 'Wu & He 2018') },
  rms: { sentence: perPosition(oneRoot), source: arxiv('1910.07467', 'Zhang & Sennrich 2019') },
  ghostBatch: {
    sentence: (layer) => [
      'For ',
      eachChannel(layer),
      ', ',
      oneMean,
      ' over each slice of ',
      { words: `${layer.slice} samples`, points: 'n' },
      ...andPlaces(layer, 'every'),
      '.',
    ],
    source: arxiv('1705.08741', 'Hoffer et al. 2017'),
  },
  filterResponse: { sentence: perInstance(oneRoot), source: arxiv('1911.09737', 'Singh & Krishnan 2019') },
  pixel: { sentence: perPosition(oneRoot), source: arxiv('1710.10196', 'Karras et al. 2017') },
};

/** What is odd about sets of one or two elements; undefined for others. */
export function warningOf(elements: number, centered: boolean): string | undefined {
  if (elements === 1) {
    return centered
      ? 'One element is its own mean: x − μ is always 0, so the output is β whatever comes in.'
      : 'The root mean square of one element is its magnitude: divided by it, only the sign is left.';
  }
  if (elements === 2 && centered)
    return 'Of two elements only the order survives: one becomes about −1, the other about 1.';
  return undefined;
}

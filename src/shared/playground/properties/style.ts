import { choice, integer, real } from '../property';

/** The pictures that the page makes itself, by formulas. Each can be the content or the style. */
export const PICTURES = {
  hills: 'Hills at dawn',
  harbour: 'Harbour',
  portrait: 'Portrait',
  waves: 'Waves',
  woodcut: 'Woodcut',
  embers: 'Embers',
  mosaic: 'Mosaic',
  watercolour: 'Watercolour',
} as const;

export type PictureName = keyof typeof PICTURES;

/** What the fifth scene has of its own. Pictures of the reader's stay on the page: no link carries them. */
export const style = {
  content: choice({ label: 'Content', options: PICTURES, default: 'hills', scenes: ['style'] }),
  stylePicture: choice({ label: 'Style', options: PICTURES, default: 'embers', scenes: ['style'] }),
  styleNorm: choice({
    label: 'What is done',
    options: { adain: 'AdaIN', instance: 'Instance norm' },
    help: 'Instance norm alone takes each channel’s mean and deviation away; AdaIN then gives it those of the style.',
    default: 'adain',
    scenes: ['style'],
  }),
  strength: real({
    label: 'Strength',
    help: '0 leaves the content as it is, 1 gives every channel the style’s mean and deviation, above 1 goes beyond.',
    default: 1,
    min: 0,
    max: 1.5,
    stops: Array.from({ length: 31 }, (_, i) => Number((i * 0.05).toFixed(2))),
    scenes: ['style'],
  }),
  scales: integer({
    label: 'Scales',
    help: 'Into how many levels of detail a picture is taken apart, each with three directions. 0: colours alone.',
    default: 5,
    min: 0,
    max: 6,
    scenes: ['style'],
  }),
  colourSpace: choice({
    label: 'Colour channels',
    options: { rgb: 'RGB', opponent: 'Opponent', principal: 'Principal' },
    help: 'RGB channels go together; statistics a channel then miss how. The other two pull them apart: fixed opponent colours, or the principal components of both pictures.',
    default: 'opponent',
    scenes: ['style'],
  }),
};

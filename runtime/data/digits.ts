import type { Dataset, Samples } from '../nn/batches';

export class DigitsError extends Error {
  override readonly name = 'DigitsError';
}

const HEADER = 8;
const MAGIC = [0x4e, 0x4c, 0x44]; // "NLD"
const WHITEST = 15;

/**
 * Unpacks `digits.bin` (README.md tells its format, source and licence): pictures [14, 14, 1] with values in [0, 1].
 *
 * @throws DigitsError when the bytes are no digits file, or one that is cut off.
 */
export function decodeDigits(bytes: Uint8Array): Dataset {
  if (bytes.length < HEADER || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new DigitsError('Expected a digits file, which begins with "NLD".');
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  const size = header.getUint8(3);
  const trainCount = header.getUint16(4, true);
  const count = trainCount + header.getUint16(6, true);
  const area = size * size;
  const labelsAt = HEADER;
  const masksAt = labelsAt + Math.ceil(count / 2);
  const greysAt = masksAt + Math.ceil((count * area) / 8);

  const nibble = (from: number, i: number): number => ((bytes[from + (i >> 1)] ?? 0) >> (4 * (i & 1))) & 15;
  const labels = Uint8Array.from({ length: count }, (_, i) => nibble(labelsAt, i));
  const pixels = new Float32Array(count * area);
  let grey = 0;
  for (let i = 0; i < pixels.length; i++) {
    const inked = ((bytes[masksAt + (i >> 3)] ?? 0) >> (i & 7)) & 1;
    if (inked) pixels[i] = nibble(greysAt, grey++) / WHITEST;
  }
  const expected = greysAt + Math.ceil(grey / 2);
  if (bytes.length !== expected) {
    throw new DigitsError(`Expected ${expected} bytes for ${count} digits, got ${bytes.length}.`);
  }
  const part = (from: number, to: number): Samples => ({
    count: to - from,
    pixels: pixels.subarray(from * area, to * area),
    labels: labels.subarray(from, to),
  });
  return { shape: [size, size, 1], classes: 10, train: part(0, trainCount), test: part(trainCount, count) };
}

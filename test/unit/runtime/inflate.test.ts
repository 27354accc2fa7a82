import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inflate } from '../../../runtime/kernels/inflate';

const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE];
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  // Long repeats, for every length and distance code.
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 2000 })).map(([part, times]) => {
    const result = new Uint8Array(part.length * times);
    for (let i = 0; i < times; i++) result.set(part, i * part.length);
    return result;
  }),
);

it('undoes what zlib deflates, stored, with fixed and with dynamic codes', () => {
  fc.assert(
    fc.property(bytes, fc.constantFrom(0, 1, 6, 9), fc.constantFrom(...strategies), (data, level, strategy) => {
      expect(inflate(Uint8Array.from(deflateRawSync(data, { level, strategy })))).toEqual(data);
    }),
  );
});

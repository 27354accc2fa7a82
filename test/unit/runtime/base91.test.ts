import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase85 } from '../../../runtime/kernels/base85';

const { base85 }: { base85: (bytes: Uint8Array) => string } = createRequire(import.meta.url)(
  '../../../runtime/kernels/build.js',
);

it('gives back the bytes that the build wrote, and zeros up to a multiple of four', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      const back = fromBase85(base85(data));
      expect([...back]).toEqual([...data, ...new Array<number>(-data.length & 3).fill(0)]);
    }),
  );
});

it('writes the largest word with printable characters that need no escape', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 300 }), (data) => {
      expect(base85(data)).toMatch(/^[!-~]*$/);
      expect(base85(data)).not.toMatch(/["\\<'$]/);
    }),
  );
  expect([...fromBase85(base85(Uint8Array.of(255, 255, 255, 255)))]).toEqual([255, 255, 255, 255]);
});

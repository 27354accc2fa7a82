import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase91 } from '../../../runtime/kernels/base91';

const { base91 }: { base91: (bytes: Uint8Array) => string } = createRequire(import.meta.url)(
  '../../../runtime/kernels/build.js',
);

it('gives back the bytes that the build wrote, and at most one zero', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      const back = [...fromBase91(base91(data))];
      expect(back.slice(0, data.length)).toEqual([...data]);
      expect([[], [0]]).toContainEqual(back.slice(data.length));
    }),
  );
});

it('writes all bits with printable characters that need no escape', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 300 }), (data) => {
      expect(base91(data)).toMatch(/^[#-~]*$/);
      expect(base91(data)).not.toContain('\\');
    }),
  );
  const every = Uint8Array.from({ length: 13 << 13 }, (_, i) => (i * i * 7 + (i >> 3)) & 255);
  expect(new Set(base91(every)).size).toBe(91);
  expect([...fromBase91(base91(Uint8Array.of(255, 255, 255, 255)))].slice(0, 4)).toEqual([255, 255, 255, 255]);
});

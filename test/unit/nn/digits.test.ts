import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DigitsError, decodeDigits } from '../../../runtime/data/digits';

const file = (name: string) => fileURLToPath(new URL(`../../../runtime/data/${name}`, import.meta.url));
const bytes = new Uint8Array(readFileSync(file('digits.bin')));
const digits = decodeDigits(bytes);

describe('The digits', () => {
  it('are made again, byte for byte, by the script', () => {
    const folder = mkdtempSync(join(tmpdir(), 'normlens-digits-'));
    try {
      execFileSync(process.execPath, [file('makeDigits.mjs'), join(folder, 'digits.bin')]);
      expect(Buffer.from(bytes).equals(new Uint8Array(readFileSync(join(folder, 'digits.bin'))))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are the package's pictures, averaged and rounded to sixteen levels, with their labels", () => {
    const require = createRequire(import.meta.url);
    const area = 196;
    const seen = { train: new Array<number>(10).fill(0), test: new Array<number>(10).fill(0) };
    const sources = Array.from({ length: 10 }, (_, label): number[] => require(`mnist/src/digits/${label}.json`).data);
    let worst = 0;
    for (const part of ['train', 'test'] as const) {
      const { pixels, labels, count } = digits[part];
      for (let n = 0; n < count; n++) {
        const label = labels[n] as number;
        const turn = seen[part][label] as number;
        seen[part][label] = turn + 1;
        // The fifth, tenth … of a class is for the test, the other four are for training.
        const index = part === 'test' ? 5 * turn + 4 : turn + Math.floor(turn / 4);
        const source = sources[label] as number[];
        for (let p = 0; p < area; p += 13) {
          const at = index * 784 + 2 * Math.floor(p / 14) * 28 + 2 * (p % 14);
          const [a, b, c, d] = [source[at], source[at + 1], source[at + 28], source[at + 29]] as [
            number,
            number,
            number,
            number,
          ];
          worst = Math.max(worst, Math.abs((pixels[n * area + p] as number) - (a + b + c + d) / 4));
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(0.5 / 15 + 1e-6);
    expect(seen.train.map((count, label) => count + (seen.test[label] as number))).toEqual(
      sources.map((source) => source.length / 784),
    );
  });

  it('keep every fifth picture for the test, and share no picture between the parts', () => {
    const key = (part: 'train' | 'test', n: number) => digits[part].pixels.subarray(n * 196, n * 196 + 196).join();
    const train = new Set(Array.from({ length: digits.train.count }, (_, n) => key('train', n)));
    const shared = Array.from({ length: digits.test.count }, (_, n) => key('test', n)).filter((text) =>
      train.has(text),
    );
    expect([digits.train.count, digits.test.count]).toEqual([8004, 1996]);
    expect(shared).toEqual([]);
  });

  it('fit in 600 KB', () => expect(bytes.length).toBeLessThan(600_000));

  it('are refused when they are cut off, too long, or something else', () => {
    expect(() => decodeDigits(bytes.subarray(0, -1))).toThrow(DigitsError);
    expect(() => decodeDigits(new Uint8Array([...bytes, 0]))).toThrow(/got 482541/);
    expect(() => decodeDigits(new TextEncoder().encode('<!doctype html>'))).toThrow(/begins with "NLD"/);
    expect(() => decodeDigits(new Uint8Array())).toThrow(DigitsError);
  });
});

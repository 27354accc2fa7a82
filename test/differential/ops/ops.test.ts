import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpSpec } from '../../../src/analyzer/libraries/opSpec';
import { opSpecs } from '../../../src/analyzer/libraries/tfjs/ops';
import type { Generators } from './generators/common';
import { elementwise } from './generators/elementwise';
import { gathering } from './generators/gathering';
import { linear } from './generators/linear';
import { making } from './generators/making';
import { media } from './generators/media';
import { shapes } from './generators/shapes';
import { windows } from './generators/windows';
import { checkRow, type Tally } from './harness';
import type { Random } from './random';

/** Draws a row; `OP_DRAWS` asks for more, to look for what is rare. */
const DRAWS = Number(process.env.OP_DRAWS ?? 200);

/** Ops with many arguments: each is drawn well more often. */
function steady(all: Generators): Generators {
  return Object.fromEntries(
    Object.entries(all).map(([name, generate]) => [
      name,
      (random: Random) => {
        random.steadiness = 0.93;
        return generate(random);
      },
    ]),
  );
}

const generators: Generators = {
  ...elementwise,
  ...shapes,
  ...making,
  ...linear,
  ...steady(windows),
  ...gathering,
  ...steady(media),
};

const totals = { rows: 0, draws: 0, valid: 0, invalid: 0, excused: 0, exact: 0, missed: 0, falseErrors: 0, wrong: 0 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

afterAll(() => {
  console.log(`op rows against tfjs: ${JSON.stringify(totals)}`);
});

function count(tally: Tally): void {
  totals.rows += 1;
  for (const key of ['draws', 'valid', 'invalid', 'excused', 'exact'] as const) totals[key] += tally[key];
  totals.missed += tally.problems.filter((p) => p.includes('missed error')).length;
  totals.falseErrors += tally.problems.filter((p) => p.includes('false error')).length;
  totals.wrong += tally.problems.length;
}

/** Rows that a test cannot call, by why. */
const UNDRAWN: Readonly<Record<string, string>> = {
  print: 'writes to the console and gives nothing',
  'browser.draw': 'needs a canvas; its checks are those of browser.toPixels',
};

const keyOf = (spec: OpSpec): string => (spec.methodOnly === true ? `.${spec.name}` : spec.name);

describe('every op row agrees with the real tfjs on shapes, dtypes and errors', () => {
  it('every row has a generator of arguments, or a reason', () => {
    const undrawn = opSpecs.map(keyOf).filter((key) => generators[key] === undefined && UNDRAWN[key] === undefined);
    expect(undrawn).toEqual([]);
  });

  for (const spec of opSpecs) {
    const key = keyOf(spec);
    const generate = generators[key];
    if (generate === undefined) continue;
    it(`tf ${key}`, async () => {
      const main = await checkRow(spec, generate, DRAWS, spec.methodOnly === true);
      // Drawn again as a method, which may pass its arguments on in another way.
      const again =
        spec.method === true && spec.methodOnly !== true ? await checkRow(spec, generate, DRAWS / 4, true) : undefined;
      for (const tally of [main, again]) if (tally !== undefined) count(tally);
      expect([...main.problems, ...(again?.problems ?? [])]).toEqual([]);
      expect(main.draws).toBe(DRAWS);
      expect(main.valid).toBeGreaterThan(DRAWS / 4);
    });
  }
});

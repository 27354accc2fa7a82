import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opSpecs } from '../../../src/analyzer/libraries/tfjs/ops';
import { elementwise } from './generators/elementwise';
import { gathering } from './generators/gathering';
import { linear } from './generators/linear';
import { making } from './generators/making';
import { media } from './generators/media';
import { shapes } from './generators/shapes';
import { windows } from './generators/windows';
import { checkRow, type Tally } from './harness';

const DRAWS = 200;

const generators = { ...elementwise, ...shapes, ...making, ...linear, ...windows, ...gathering, ...media };

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

describe('every op row agrees with the real tfjs on shapes, dtypes and errors', () => {
  for (const spec of opSpecs) {
    const key = spec.methodOnly === true ? `.${spec.name}` : spec.name;
    const generate = generators[key];
    if (generate === undefined) continue;
    it(`tf ${key}`, async () => {
      const asFunction = spec.methodOnly !== true ? await checkRow(spec, generate, DRAWS, false) : undefined;
      const asMethod = spec.method === true ? await checkRow(spec, generate, asFunction ? 60 : DRAWS, true) : undefined;
      for (const tally of [asFunction, asMethod]) if (tally !== undefined) count(tally);
      expect([...(asFunction?.problems ?? []), ...(asMethod?.problems ?? [])]).toEqual([]);
    });
  }
});

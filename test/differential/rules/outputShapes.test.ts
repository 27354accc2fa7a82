import { describe, expect, test } from 'vitest';
import { runInTfjs } from '../../tools/runInTfjs';
import { memberCases } from '../../unit/rules/programs/members';

/** The programs of NL122 that tfjs can run alone, with what the model says of its output and what it gives. */
function runnable(kind: 'incorrect' | 'correct'): readonly (readonly [string, string])[] {
  const programs = memberCases.filter(({ rule }) => rule === 'NL122').flatMap((cases) => cases[kind].flat());
  return programs
    .map(({ source }) => source.replace('<!>', ''))
    .filter((source) => source.includes('class Custom') && !/gone|flag/.test(source))
    .map((source, i) => [
      `${kind} program ${i + 1}`,
      `${source}\nexport const said = model.outputs[0].shape;\nexport const got = model.predict(tf.randomNormal([4, 6, 8])).shape;`,
    ]);
}

const behind = (shape: unknown): unknown => (shape as readonly unknown[]).slice(1);

describe('NL122, compute-output-shape-differs', () => {
  test.each(runnable('incorrect'))('%s: tfjs gives another shape than the model says', async (_, source) => {
    const { exports, error } = await runInTfjs(source, { path: '/main.js' });
    expect(error).toBeUndefined();
    expect(behind(exports.got)).not.toEqual(behind(exports.said));
  });

  test.each(runnable('correct'))('%s: tfjs gives the shape that the model says', async (_, source) => {
    const { exports, error } = await runInTfjs(source, { path: '/main.js' });
    expect(error).toBeUndefined();
    expect(behind(exports.got)).toEqual(behind(exports.said));
  });
});

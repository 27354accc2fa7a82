import { describe, expect, test } from 'vitest';
import { runInTfjs } from '../../tools/runInTfjs';
import { examples } from './examples';

type Main = (options?: Readonly<Record<string, number>>) => Promise<unknown>;

describe('every example is a program that the real tfjs runs', () => {
  test.each(examples.map((example) => [example.name, example] as const))('%s', async (_, example) => {
    const run = await runInTfjs(example.text, {
      path: example.path,
      drive: (exports) => (exports.main as Main)(example.small),
    });
    if (example.throws === undefined) expect(run.error).toBeUndefined();
    else expect(run.error?.message).toMatch(example.throws);
  });
});

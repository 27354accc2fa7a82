/** Code that waits: of what others may do meanwhile, or may have done, nothing is stated; the rest stays known. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { flowsOf, outputsOf } from '../../../src/present/shapes';
import { compare } from '../../differential/programs/compare';
import { runInTfjs } from '../../tools/runInTfjs';

const PATH = '/waiting.mjs';

const PREFACE = `import * as tf from '@tensorflow/tfjs';
let n = 1;
let m = 1;
const outcome = OUTCOME;
const unknown = () => Math.random() >= outcome;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const frame = async () => { await tf.nextFrame(); };
async function risky() { if (unknown()) throw new Error('refused'); }
`;

interface Case {
  readonly name: string;
  readonly text: string;
  /** What is stated of the calls of ops, in their order. */
  readonly stated: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a job between an await that cannot be left and what follows it',
    text: `
      async function later() { n = 3; return 1; }
      async function init() {
        if (unknown()) {
          later().then(() => { tf.zeros([n, 3]); });
          n += (await later()) + 1;
        }
      }
      init();
      init();`,
    stated: ['[?,3]'],
  },
  {
    name: 'a job before an await of nothing, on a path that may be taken twice',
    text: `
      async function init() {
        if (unknown()) {
          n = 3;
          Promise.resolve(1).then(() => { tf.zeros([n, 3]); });
          await null;
          n = 5;
        }
      }
      init();
      init();`,
    stated: ['[?,3]'],
  },
  {
    name: 'what a handler sets after it has waited, and a turn that began in the meantime',
    text: `
      async function later() {
        Promise.resolve(3).finally(() => {
          tf.nextFrame().then(() => {}).then(() => { tf.zeros([n, 3]); });
        });
      }
      async function init() {
        try { await risky(); } catch (e) { await later(); n = 2; }
      }
      init();`,
    stated: ['[?,3]'],
  },
  {
    name: 'a timer that the awaited does not wait for',
    text: `
      async function init() {
        if (unknown()) {
          sleep(2).then(() => { n = 7; tf.ones([m]); });
          await frame();
          tf.zeros([n]);
          m = 2;
        }
      }
      init();`,
    stated: ['[?]', '[?]'],
  },
  {
    name: 'two that write the same, one of them any time',
    text: `
      async function init() {
        if (unknown()) {
          sleep(2).then(() => { n = 7; });
          await tf.nextFrame();
          n = 3;
        }
      }
      init();
      setTimeout(() => { tf.zeros([n]); }, 100);`,
    stated: ['[?]'],
  },
  {
    name: 'what such code alone changes is known to itself',
    text: `
      async function init() {
        if (unknown()) {
          sleep(2).then(() => { n = 7; });
          m = 4;
          await frame();
          tf.zeros([m]);
          m += 1;
          tf.ones([m]);
        }
      }
      init();`,
    stated: ['[4]', '[5]'],
  },
];

async function rest(): Promise<void> {
  for (let i = 0; i < 12; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}

const analyze = (text: string) => createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }).analyze(PATH);

describe('code that waits', () => {
  for (const { name, text, stated } of cases) {
    const program = (outcome: 0 | 2): string => PREFACE.replace('OUTCOME', String(outcome)) + text;

    test(`${name}: what is stated`, () => {
      const { calls } = analyze(program(0));
      const shapes = calls
        .flatMap((call) => flowsOf(call).flatMap(outputsOf))
        .map((shape) =>
          JSON.stringify(shape?.map((dim) => (typeof dim === 'object' && dim !== null ? '?' : dim))).replaceAll(
            '"',
            '',
          ),
        );
      expect(shapes).toEqual(stated);
    });

    test.each([0, 2] as const)(`${name}: is true in the real tfjs, outcome %s`, async (outcome) => {
      const real = await runInTfjs(program(outcome), { path: PATH, drive: rest });
      expect(real.error).toBeUndefined();
      const { wrong, falseErrors } = compare(
        { text: program(outcome), planted: undefined },
        real,
        analyze(program(outcome)),
        true,
      );
      expect({ wrong, falseErrors }).toEqual({ wrong: 0, falseErrors: 0 });
    });
  }

  test('what waits perhaps on one path, and for certain on the other, may wait: the names of layers after it are open', () => {
    const text = `${PREFACE.replace('OUTCOME', '0')}
      const xs = [];
      async function later() {
        try {} catch (e) {
          Promise.reject(e).catch(() => {
            Promise.resolve(3).then(() => { tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }); });
          });
        }
      }
      async function twice() { xs.push(await later()); }
      async function init() {
        await Promise.allSettled([twice(), twice()]);
        tf.sequential({ layers: [tf.layers.dense({ units: 7, inputShape: [3] })] });
      }
      init();`;
    const last = analyze(text).models.at(-1)?.layers[0];
    expect([last?.name, last?.params]).toEqual(['dense_Dense?', 28]);
  });
});

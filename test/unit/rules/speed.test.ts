import { expect, it } from 'vitest';
import { run } from '../../../src/analyzer/interpreter/run';
import { tfjs } from '../../../src/analyzer/libraries/tfjs';
import { rules } from '../../../src/analyzer/rules';
import { judge } from '../../../src/analyzer/rules/judge';
import { Trace } from '../../../src/analyzer/trace/trace';
import { Sources } from '../../../src/analyzer/workspace/sources';
import { processorTime } from '../../tools/processorTime';
import { layerCases } from './programs/layers';
import { opCases } from './programs/ops';
import { trainingCases } from './programs/training';

const cases = [...layerCases, ...opCases, ...trainingCases];
const programs = cases.flatMap(({ incorrect, correct }) => [...incorrect, ...correct].flat());

/** The trace of n files as one workspace: a sample of the programs over and over. */
function traceOf(n: number): Trace {
  const sample = programs.filter((_, i) => i % 16 === 0).slice(0, 60);
  const texts = new Map<string, string>();
  for (let i = 0; i < n; i += 1) {
    const program = sample[i % sample.length];
    if (program !== undefined) texts.set(`/work/${i}/${program.file}`, program.source.replace('<!>', ''));
  }
  const interpreter = run(new Sources({ read: (path) => texts.get(path) }), tfjs, [...texts.keys()], {});
  return new Trace(interpreter.facts, texts);
}

/** The best of several runs, in milliseconds. */
function best(trace: Trace): number {
  const times = Array.from(
    { length: 7 },
    () => processorTime(() => judge([new Trace(trace.facts, new Map())], {}, rules)).time,
  );
  return Math.min(...times);
}

it('judges the traces of 240 files in well under 200 ms, and of four times as many in about four times that', () => {
  const [some, many] = [traceOf(240), traceOf(960)];
  best(some);
  const [one, four] = [best(some), best(many)];
  console.log(
    `rules: 240 files (${some.facts.length} facts) judged in ${one.toFixed(1)} ms, 960 files in ${four.toFixed(1)} ms`,
  );
  expect(one).toBeLessThan(200);
  expect(four).toBeLessThan(800);
});

import { expect, it } from 'vitest';
import { run } from '../../../src/analyzer/interpreter/run';
import { tfjs } from '../../../src/analyzer/libraries/tfjs';
import { rules } from '../../../src/analyzer/rules';
import { judge } from '../../../src/analyzer/rules/judge';
import { Trace } from '../../../src/analyzer/trace/trace';
import { Sources } from '../../../src/analyzer/workspace/sources';
import { layerCases } from './programs/layers';
import { opCases } from './programs/ops';
import { trainingCases } from './programs/training';

const cases = [...layerCases, ...opCases, ...trainingCases];
const programs = cases.flatMap(({ incorrect, correct }) => [...incorrect, ...correct].flat());

/** The trace of the first n programs as one workspace. */
function traceOf(n: number): Trace {
  const texts = new Map(
    programs.slice(0, n).map(({ source, file }, i) => [`/work/${i}/${file}`, source.replace('<!>', '')]),
  );
  const interpreter = run(new Sources({ read: (path) => texts.get(path) }), tfjs, [...texts.keys()], {});
  return new Trace(interpreter.facts, texts);
}

function best(trace: Trace): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    judge([new Trace(trace.facts, new Map())], {}, rules);
    return performance.now() - start;
  });
  return Math.min(...times);
}

it('judges the traces of 240 files in well under 200 ms, in time that grows with their number', () => {
  const [quarter, whole] = [traceOf(60), traceOf(240)];
  best(whole);
  const [small, large] = [best(quarter), best(whole)];
  console.log(
    `rules: ${whole.facts.length} facts of 240 files judged in ${large.toFixed(1)} ms, of 60 files in ${small.toFixed(1)} ms`,
  );
  expect(large).toBeLessThan(200);
  expect(large / small).toBeLessThan(12);
});

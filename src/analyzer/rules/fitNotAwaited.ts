import type { Fact, InferFact, TrainFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { insert } from './edits';
import type { Rule } from './rule';

const READS: Readonly<Record<string, string>> = {
  predict: 'predicts with the weights from before training',
  predictOnBatch: 'predicts with the weights from before training',
  evaluate: 'evaluates the weights from before training',
};

export const fitNotAwaited: Rule = {
  id: 'NL222',
  name: 'fit-not-awaited',
  severity: 'warning',
  summary: 'fit is not awaited, and the model is used right after it: the weights are those from before training',
  check(trace, report) {
    for (const [fit, next] of pairs(trace)) {
      const message =
        next.kind === 'train'
          ? 'fit is not awaited, and a second fit begins at once: it throws, since the first is under way'
          : `fit is not awaited: the ${next.api} after it ${READS[next.api]}`;
      report({
        at: fit.at,
        message,
        advice:
          'fit gives a promise and does its work later, a batch at a time; what stands after it runs first. Write `await model.fit(…)` in an async function, or go on in `.then(…)`.',
        facts: { next: next.api },
        related: [{ at: next.at, message: 'runs before the first training step' }],
        fixes:
          mayAwait(trace, fit) && !fit.looped
            ? [
                {
                  title: 'Await it (what follows waits)',
                  safe: false,
                  edits: [insert(fit.at.file, fit.at.start, 'await ')],
                },
              ]
            : [],
      });
    }
  },
};

/**
 * Whether an `await` may stand there: the function around is async, as far as the text tells, or there is none and the file is
 * a module. A callback without a name counts as a part of the function that it stands in, so it has to be looked for.
 */
function mayAwait(trace: Trace, { at, activation }: TrainFact): boolean {
  const source = trace.source(at.file);
  const start = activation === undefined ? 0 : activation.at.start;
  const before = source.slice(start, at.start);
  const inner = [...before.matchAll(FUNCTION)].filter(({ index }) => isOpen(before.slice(index)));
  const last = inner.at(-1);
  if (last !== undefined) return /^async\b/.test(last[0]);
  if (activation !== undefined)
    return /\basync\s*$/.test(source.slice(0, start)) || /^(?:static\s+)?async\b/.test(before);
  return /^\s*(?:import|export)\b/m.test(source);
}

/** Where a function begins: its keyword, or the parameters of an arrow. */
const FUNCTION = /\b(?:async\s+)?function\b|(?:\basync\s*)?(?:\([^()]*\)|[\w$]+)\s*=>/g;

/** Whether what begins with the text is not closed in it. */
function isOpen(text: string): boolean {
  const body = text.indexOf('{');
  return body >= 0 && balanced(text.slice(body + 1));
}

/** Each fit that nobody waits for, with the first use of its model after it in the same run of the same function. */
function* pairs(trace: Trace): Generator<readonly [TrainFact, InferFact | TrainFact]> {
  const facts = trace.facts.filter(usesModel);
  for (const [i, fit] of facts.entries()) {
    if (fit.kind !== 'train' || fit.api === 'trainOnBatch' || !fit.certain || !standsAlone(trace, fit)) continue;
    const next = facts.slice(i + 1).find((fact) => fact.model === fit.model);
    if (next === undefined || next.activation !== fit.activation || !next.certain) continue;
    if (next.kind === 'infer' ? READS[next.api] === undefined : next.api === 'trainOnBatch') continue;
    if (next.at.file !== fit.at.file || next.at.start <= fit.at.end) continue;
    const between = trace.source(fit.at.file).slice(fit.at.end, next.at.start);
    // Something may wait, or be called later: a callback, another function.
    if (/\bawait\b|\byield\b|\.then\b|\bfunction\b|=>|\bset(?:Timeout|Interval)\b/.test(between)) continue;
    if (!balanced(between)) continue;
    yield [fit, next];
  }
}

const usesModel = (fact: Fact): fact is TrainFact | InferFact => fact.kind === 'train' || fact.kind === 'infer';

/** A statement by itself, `model.fit(…);`, whose promise is dropped. */
function standsAlone(trace: Trace, { at }: TrainFact): boolean {
  const source = trace.source(at.file);
  return (
    /(?:^|[;{}\n])[ \t]*$/.test(source.slice(Math.max(0, at.start - 200), at.start)) &&
    /^[ \t]*(?:;|\r?\n\s*[^\s.?([])/.test(source.slice(at.end, at.end + 200))
  );
}

/** Whether no block ends between the two that did not begin there. */
export function balanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return true;
}

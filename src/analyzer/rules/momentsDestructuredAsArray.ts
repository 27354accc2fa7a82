import type { MemberFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { insert, replace } from './edits';
import type { Fix, Rule } from './rule';

const NAMES = ['mean', 'variance'] as const;

export const momentsDestructuredAsArray: Rule = {
  id: 'NL114',
  name: 'moments-destructured-as-array',
  severity: 'error',
  summary: 'tf.moments returns {mean, variance}, not a list',
  check(trace, report) {
    for (const fact of trace.of('member')) {
      if (fact.owner !== 'moments' || fact.exists) continue;
      report({
        at: fact.at,
        about: fact.op,
        message: MESSAGES[fact.how](fact.member),
        advice:
          'In Python `tf.nn.moments` returns a pair; in TensorFlow.js `tf.moments` returns an object with the fields `mean` and `variance`. Write `const { mean, variance } = tf.moments(x, axes)`.',
        facts: { member: fact.member },
        fixes: fixesFor(trace, fact),
      });
    }
  },
};

const MESSAGES: Readonly<Record<MemberFact['how'], (member: string) => string>> = {
  iteration: () => 'tf.moments returns {mean, variance}, which is no list: taking it apart with […] throws a TypeError',
  element: (member) => `tf.moments returns {mean, variance}, which has no element ${member}: this is undefined`,
  property: (member) => `tf.moments returns {mean, variance}, which has no ${member}: this is undefined`,
};

function fixesFor(trace: Trace, fact: MemberFact): readonly Fix[] {
  const text = trace.text(fact.at);
  if (fact.how === 'iteration') {
    const names = /^\[\s*([\w$.]*)\s*(?:,\s*([\w$.]*)\s*,?\s*)?\]$/.exec(text);
    if (names === null) return [];
    const pattern = NAMES.map((name, i) => [name, names[i + 1]] as const)
      .filter(([, local]) => local !== undefined && local !== '')
      .map(([name, local]) => (name === local ? name : `${name}: ${local}`));
    const object = replace(fact.at, `{ ${pattern.join(', ')} }`);
    const source = trace.source(fact.at.file);
    if (!/(^|[;{})]|\n|=>)\s*$/.test(source.slice(0, fact.at.start))) return [fix(object)];
    // Where a statement begins, `{` would be a block.
    const end = fact.op?.at.end ?? 0;
    if (!/^\s*=\s*$/.test(source.slice(fact.at.end, fact.op?.at.start ?? 0))) return [];
    return [fix({ ...object, text: `(${object.text}` }, insert(fact.at.file, end, ')'))];
  }
  const element = /\[\s*([01])\s*\]$/.exec(text);
  const name = NAMES[Number(element?.[1] ?? Number.NaN)];
  if (element === null || name === undefined) return [];
  return [fix(replace({ ...fact.at, start: fact.at.start + element.index }, `.${name}`))];
}

const fix = (...edits: Fix['edits']): Fix => ({
  title: 'Take mean and variance by name',
  safe: true,
  edits,
});

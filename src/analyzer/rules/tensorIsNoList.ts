import type { MemberFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import type { Rule } from './rule';

/** Methods of lists that tensors do not have, and what reads a tensor so. */
const METHODS: ReadonlySet<string> = new Set([
  'map',
  'forEach',
  'filter',
  'reduce',
  'some',
  'every',
  'find',
  'findIndex',
  'indexOf',
  'includes',
  'join',
  'push',
  'entries',
  'keys',
  'values',
  'flat',
  'flatMap',
  'sort',
  // Those of NumPy, of PyTorch and of versions before 1.0.
  'item',
  'numpy',
  'tolist',
  'get',
  'toFixed',
]);

const ADVICE =
  'A tensor is no list: its numbers lie in the backend. Read them first, `await x.data()` (flat) or `await x.array()` (nested), or `dataSync()` and `arraySync()`; to stay with tensors use `tf.unstack`, `x.slice` or `x.gather`.';

export const tensorIsNoList: Rule = {
  id: 'NL126',
  name: 'tensor-is-no-list',
  severity: 'error',
  summary: 'A tensor is read like a list: `x[0]` and `x.length` are undefined, `x.map` and `for … of` throw',
  check(trace, report) {
    for (const fact of trace.of('member')) {
      if (fact.owner !== 'tensor' || fact.exists || !fact.certain) continue;
      const message = messageOf(trace, fact);
      if (message === undefined) continue;
      // Code of before version 1.0 has it.
      const severity = fact.member === 'get' ? 'information' : 'error';
      report({ at: fact.at, severity, message, advice: ADVICE, facts: { member: fact.member } });
    }
  },
};

function messageOf(trace: Trace, fact: MemberFact): string | undefined {
  const { at, member, how } = fact;
  // `Array.from` gives an empty list instead.
  if (how === 'iteration')
    return /^Array\.from\b/.test(trace.text(at))
      ? 'Array.from of a tensor is an empty list: a tensor is no list'
      : 'a tensor cannot be iterated: this throws a TypeError';
  const source = trace.source(at.file);
  const before = source.slice(Math.max(0, at.start - 40), at.start);
  const after = source.slice(at.end, at.end + 40);
  const text = trace.text(at).replace(/\s+/g, ' ');
  const shown = text.length <= 50 ? text : `[…].${member}`;
  if (how === 'element')
    return isAsked(before, after) ? undefined : `${shown} is undefined: a tensor has no elements by index`;
  if (METHODS.has(member) && /^\s*\(/.test(after))
    return `${shown} is no function: a tensor has no ${member}, this throws a TypeError`;
  return member === 'length' && isReckonedWith(before, after)
    ? `${shown} is undefined: a tensor has no length (it has a shape and a size)`
    : undefined;
}

/** Code that asks whether it is there: `if (x[0])`, `x[0] === undefined`, `x[0] ?? x`. */
const isAsked = (before: string, after: string): boolean =>
  /(?:\btypeof|!|\b(?:if|while)\s*\(|&&|\|\|)\s*$/.test(before) || /^\s*(?:[=!]==?|\?|&&|\|\||=(?!=))/.test(after);

/** Code that takes it for a number: `x.length - 1`, `i < x.length`. */
const isReckonedWith = (before: string, after: string): boolean =>
  /^\s*[-+*/%]/.test(after) || (/(?:[<>]=?|[-+*/%])\s*$/.test(before) && !/=>\s*$/.test(before));

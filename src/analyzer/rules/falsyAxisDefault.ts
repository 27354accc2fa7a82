import type { ConditionFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace } from './edits';
import type { Rule } from './rule';

/** Names whose 0 is a value of its own. */
const MEANINGFUL_ZERO = /^(axis|axes|(variance_?)?eps(ilon)?|momentum|decay|(drop(out)?_?)?rate)$/i;

export const falsyAxisDefault: Rule = {
  id: 'NL120',
  name: 'falsy-axis-default',
  severity: 'warning',
  summary: '`axis || -1` takes the default for 0 as well, which is a value',
  check(trace, report) {
    for (const fact of trace.of('falsyDefault')) {
      const name = /([\w$]+)$/.exec(fact.left.replace(/[\])'"!]+$/, ''))?.[1] ?? '';
      const { fallback } = fact;
      if (!MEANINGFUL_ZERO.test(name) || typeof fallback !== 'number' || fallback === 0) continue;
      report({
        at: fact.at,
        message: `${name} 0 is a value, but || takes ${fallback} for it`,
        advice: `\`||\` takes the right side for every falsy value, 0 among them: whoever passes ${name}: 0 gets ${fallback} without a word. \`??\` does so only for null and undefined.`,
        facts: { name, fallback },
        fixes: isMixed(trace, fact)
          ? []
          : [
              {
                title: 'Use ?? (0 is then kept)',
                safe: false,
                edits: [replace(fact.operatorAt, trace.text(fact.operatorAt).replace('||', '??'))],
              },
            ],
      });
    }
  },
};

/** `??` beside `&&` or `||` without parentheses is a syntax error. */
function isMixed(trace: Trace, { at, operatorAt }: ConditionFact): boolean {
  const source = trace.source(at.file);
  const left = source.slice(at.start, operatorAt.start).replace(/\([^()]*\)/g, '');
  return (
    /&&|\|\|/.test(left) ||
    /(?:&&|\|\|)\s*$/.test(source.slice(0, at.start)) ||
    /^\s*(?:&&|\|\|)/.test(source.slice(at.end))
  );
}

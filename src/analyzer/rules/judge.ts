import { apart } from '../failures';
import type { Trace } from '../trace/trace';
import { rules as allRules } from './catalogue';
import { type Candidate, withPrecedence } from './precedence';
import type { Finding, Rule, Severity } from './rule';
import { placeKey } from './words';

export type Severities = Readonly<Record<string, Severity | 'off'>>;

/** What fits one line of the Problems list. */
export const MESSAGE_LENGTH = 120;

const LEVEL: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/**
 * Runs the rules over traces and settles what they report: severities from settings (by id or name), the better word where
 * two rules speak of one thing, one finding where several evaluations found the same, in the order of places.
 * @param traces one a run of the interpreter
 * @param severities a severity or `off` per rule id or name; the id wins where both are set
 * @param onFailure takes the error of a rule, which then says nothing; without it the error is thrown
 */
export function judge(
  traces: readonly Trace[],
  severities: Severities = {},
  rules: readonly Rule[] = allRules,
  onFailure?: (error: unknown) => void,
): Finding[] {
  // A rule that is switched off still has its say where it says it better than another, so that none speaks in its stead.
  const asked = rules.filter((rule) => settingOf(rule, severities) !== undefined || rule.off !== true);
  const found = new Map<string, Finding>();
  for (const trace of traces) {
    const candidates: (Candidate & { readonly rule: Rule })[] = [];
    for (const rule of asked) {
      for (const finding of apart(() => findingsOf(rule, trace), [], onFailure))
        candidates.push({ ruleId: rule.id, rule, finding });
    }
    for (const { rule, finding } of withPrecedence(candidates)) {
      if (settingOf(rule, severities) === 'off') continue;
      const settled = settle(rule, finding, severities);
      const key = `${rule.id}:${placeKey(settled.at)}`;
      const other = found.get(key);
      if (other === undefined || LEVEL[settled.severity] < LEVEL[other.severity]) found.set(key, settled);
    }
  }
  return [...found.values()].sort(byPlace);
}

function findingsOf(rule: Rule, trace: Trace): readonly Candidate['finding'][] {
  const found: Candidate['finding'][] = [];
  rule.check(trace, (finding) => found.push(finding));
  return found;
}

function settingOf(rule: Rule, severities: Severities): Severity | 'off' | undefined {
  return severities[rule.id] ?? severities[rule.name];
}

function settle(rule: Rule, finding: Candidate['finding'], severities: Severities): Finding {
  const set = settingOf(rule, severities);
  return {
    ruleId: rule.id,
    ruleName: rule.name,
    severity: set === undefined || set === 'off' ? (finding.severity ?? rule.severity) : set,
    at: finding.at,
    message: clip(finding.message),
    advice: finding.advice,
    facts: finding.facts ?? {},
    related: finding.related ?? [],
    fixes: finding.fixes ?? [],
  };
}

function clip(message: string): string {
  return message.length <= MESSAGE_LENGTH ? message : `${message.slice(0, MESSAGE_LENGTH - 1)}…`;
}

function byPlace(a: Finding, b: Finding): number {
  if (a.at.file !== b.at.file) return a.at.file < b.at.file ? -1 : 1;
  return a.at.start - b.at.start || a.at.end - b.at.end || (a.ruleId < b.ruleId ? -1 : 1);
}

import type { RuleFinding } from './rule';
import { placeKey } from './words';

/**
 * Where two rules speak of one thing, the better word wins. A row: findings of `loser` fall away where one of `winners`
 * stands on the same layer or op (a refusal of an op is known by its place).
 */
interface Row {
  readonly loser: RegExp;
  readonly winners: RegExp;
}

const ROWS: readonly Row[] = [
  // What tfjs refuses, against the rule that says why.
  { loser: /^NL0(0|1|2)\d$/, winners: /^NL(10[1-7]|11[0-9]|12[01]|201|210|313)$/ },
  // No kernel for the rank: the axis is not the point then.
  { loser: /^NL10[123]$/, winners: /^NL105$/ },
  // Channels first says why the axis is wrong.
  { loser: /^NL101$/, winners: /^NL102$/ },
  // A call with a number instead of options: its missing options are not the point.
  { loser: /^NL(016|013)$/, winners: /^NL117$/ },
  // m = 1 is the extreme of small batches.
  { loser: /^NL(217|314)$/, winners: /^NL201$/ },
  // A BN that repeats a BN has no other fault worth a word.
  { loser: /^NL(301|305|306)$/, winners: /^NL216$/ },
  // Taste gives way to findings.
  { loser: /^NL306$/, winners: /^NL(207|305)$/ },
  // The hand-written norm: wrong axes say more than what follows from them.
  { loser: /^NL112$/, winners: /^NL111$/ },
];

export interface Candidate {
  readonly ruleId: string;
  readonly finding: RuleFinding;
}

/** Drops the findings that another one says better. */
export function withPrecedence<C extends Candidate>(candidates: readonly C[]): readonly C[] {
  const contests = ROWS.map(({ loser, winners }) => ({
    loser,
    winners: subjectsOf(candidates.filter((candidate) => winners.test(candidate.ruleId))),
  })).filter((contest) => contest.winners.places.size > 0);
  if (contests.length === 0) return candidates;
  return candidates.filter(
    ({ ruleId, finding }) => !contests.some(({ loser, winners }) => loser.test(ruleId) && isSubject(finding, winners)),
  );
}

/** What findings speak of: layers and ops, their places, and whether a finding names no subject at a place. */
interface Subjects {
  readonly abouts: ReadonlySet<unknown>;
  /** Places of findings and of their subjects. */
  readonly places: ReadonlySet<string>;
  /** Places of findings that name no subject. */
  readonly bare: ReadonlySet<string>;
}

function subjectsOf(candidates: readonly Candidate[]): Subjects {
  const abouts = new Set<unknown>();
  const places = new Set<string>();
  const bare = new Set<string>();
  for (const { finding } of candidates) {
    places.add(placeKey(finding.at));
    if (finding.about === undefined) bare.add(placeKey(finding.at));
    else {
      abouts.add(finding.about);
      places.add(placeKey(finding.about.at));
    }
  }
  return { abouts, places, bare };
}

function isSubject({ at, about }: RuleFinding, { abouts, places, bare }: Subjects): boolean {
  return about === undefined ? places.has(placeKey(at)) : abouts.has(about) || bare.has(placeKey(at));
}

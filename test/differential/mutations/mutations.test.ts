/**
 * Plants each misuse of the catalogue into random clean programs and asks whether it is found where it was planted, and
 * whether the same programs without it are left alone. The analyzer alone runs; that the programs are programs is what the
 * suite of the generator looks after.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { rules } from '../../../src/analyzer/rules';
import type { Finding, Severity } from '../../../src/analyzer/rules/rule';
import { lineOf } from '../../tools/lineOf';
import type { Program } from '../programs/generator/program';
import { type Mutation, programOf } from './mutation';
import { mutations } from './table';

/** How many plants a rule, and from which seed on: `PLANTS=1000 SEED=1000000` looks further than CI does. */
const count = Number(process.env.PLANTS ?? 100);
const firstSeed = Number(process.env.SEED ?? 1);
/** `RULES=NL101,NL102`: only these. */
const only = process.env.RULES?.split(',');

interface Row {
  readonly rule: string;
  planted: number;
  found: number;
  /** Found, but at another line than the planted one. */
  elsewhere: number;
  twins: number;
  /** Twins on which the rule itself has a word, by level. */
  readonly false: number[];
}

const LEVELS: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const rows: Row[] = [];
const misses: string[] = [];
const alarms: string[] = [];
/** Twins with any rule's error; with any rule's warning in what the mutation wrote. */
let falseErrors = 0;
let falseWarnings = 0;

const severityOf = new Map(rules.map((rule) => [rule.id, rule.severity]));
const named = only === undefined ? rules : rules.filter((rule) => only.includes(rule.id));

beforeAll(() => {
  for (const rule of named) {
    const own = mutations.filter((mutation) => mutation.rule === rule.id);
    if (own.length > 0) rows.push(judge(rule.id, own));
  }
  report();
}, 600_000);

function judge(rule: string, own: readonly Mutation[]): Row {
  const row: Row = { rule, planted: 0, found: 0, elsewhere: 0, twins: 0, false: LEVELS.map(() => 0) };
  for (let i = 0; i < count; i += 1) {
    const mutation = own[i % own.length];
    if (mutation === undefined) continue;
    const seed = firstSeed + 1000 * Number(rule.slice(2)) + i;
    const program = programOf(mutation, seed, true);
    const hits = findingsOf(program, rule).filter((f) => f.ruleId === rule && counts(f, rule));
    const here = hits.some((finding) => isAt(program, finding));
    row.planted += 1;
    row.found += here ? 1 : 0;
    row.elsewhere += !here && hits.length > 0 ? 1 : 0;
    if (!here) misses.push(described(mutation, program, hits));
    const twin = programOf(mutation, seed, false);
    const findings = findingsOf(twin, rule);
    row.twins += 1;
    LEVELS.forEach((level, at) => {
      if (findings.some((f) => f.ruleId === rule && f.severity === level && isInside(twin, f)))
        row.false[at] = (row.false[at] ?? 0) + 1;
    });
    if (findings.some((f) => f.severity === 'error')) falseErrors += 1;
    if (findings.some((f) => f.severity === 'warning' && isInside(twin, f))) falseWarnings += 1;
    const loud = findings.filter(
      (f) => f.severity === 'error' || (isInside(twin, f) && (f.ruleId === rule || f.severity === 'warning')),
    );
    if (loud.length > 0) alarms.push(described(mutation, twin, loud));
  }
  return row;
}

/** A level below the rule's own counts only where that is the rule's default. */
function counts(finding: Finding, rule: string): boolean {
  return (
    LEVELS.indexOf(finding.severity) <=
    Math.max(LEVELS.indexOf(severityOf.get(rule) ?? 'error'), LEVELS.indexOf('warning'))
  );
}

function findingsOf(program: Program, rule: string): readonly Finding[] {
  const off = rules.find(({ id }) => id === rule)?.off === true;
  const analyzer = createAnalyzer(
    { read: (path) => (path === program.path ? program.text : undefined) },
    off ? { severities: { [rule]: 'information' } } : {},
  );
  return analyzer.analyze(program.path).findings;
}

/** In what the mutation wrote: the surroundings may well deserve a word of their own. */
function isInside({ text, chosen }: Program, { at }: Finding): boolean {
  const line = lineOf(text, at.start);
  return chosen !== undefined && line >= chosen[0] && line <= chosen[1];
}

/** At the planted line, or in the factory that the line calls. */
function isAt(program: Program, finding: Finding): boolean {
  const places = [finding.at, ...(finding.ruleId.startsWith('NL0') ? finding.related.map((r) => r.at) : [])];
  const accepted = linesOf(program);
  return places.some((at) => accepted.has(lineOf(program.text, at.start)));
}

function linesOf({ text, planted }: Program): ReadonlySet<number> {
  const lines = text.split('\n');
  const line = planted ?? 0;
  const accepted = new Set([line]);
  const words = new Set((lines[line - 1] ?? '').match(/(?<![.\w$])[A-Za-z_$][\w$]*(?=\()/g));
  lines.forEach((other, i) => {
    const declared = /^\s*(?:const|let|var|function) ([\w$]+)/.exec(other)?.[1];
    if (declared === undefined || !words.has(declared)) return;
    accepted.add(i + 1);
    if (other.endsWith('{')) accepted.add(i + 2);
  });
  return accepted;
}

const percent = (part: number, all: number): string => `${((100 * part) / Math.max(all, 1)).toFixed(1)} %`;

function report(): void {
  const head = ['rule', 'planted', 'found', 'recall', 'elsewhere', 'twins', 'false: error', 'warning', 'info', 'hint'];
  const table = rows.map((row) =>
    [row.rule, row.planted, row.found, percent(row.found, row.planted), row.elsewhere, row.twins, ...row.false].map(
      String,
    ),
  );
  const widths = head.map((title, i) => Math.max(title.length, ...table.map((cells) => cells[i]?.length ?? 0)));
  const lined = [head, ...table].map((cells) => cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '));
  const sum = rows.reduce((all, row) => all + row.planted, 0);
  const found = rows.reduce((all, row) => all + row.found, 0);
  lined.push(
    `${rows.length} rules, ${mutations.length} mutations: ${found} of ${sum} found (${percent(found, sum)}); clean twins with an error of any rule: ${falseErrors}, with a warning: ${falseWarnings} (${percent(falseWarnings, sum)})`,
  );
  console.log(lined.join('\n'));
  mkdirSync('test/output', { recursive: true });
  writeFileSync(
    'test/output/mutations.txt',
    [lined.join('\n'), '==== MISSES', ...misses, '==== FALSE ALARMS', ...alarms].join('\n\n'),
  );
}

function described(mutation: Mutation, program: Program, findings: readonly Finding[]): string {
  const found = findings.map(
    (f) => `${f.ruleId} ${f.severity}, line ${lineOf(program.text, f.at.start)}: ${f.message}`,
  );
  const text = program.text
    .split('\n')
    .map((line, i) => `${String(i + 1).padStart(4)}${i + 1 === program.planted ? '*' : ' '} ${line}`);
  return [`---- ${mutation.rule}, ${mutation.name}, seed ${program.seed}`, ...found, ...text].join('\n');
}

describe('planted misuse', () => {
  test('is planted for every rule of the catalogue', () => {
    expect(
      named.filter(({ id }) => id !== 'NL901' && !rows.some((row) => row.rule === id)).map(({ id }) => id),
    ).toEqual([]);
  });

  test('every plant has its line', () => {
    const lineless = mutations.filter((mutation) => programOf(mutation, firstSeed, true).planted === undefined);
    expect(lineless.map(({ rule, name }) => `${rule} ${name}`)).toEqual([]);
    const flagged = mutations.filter((mutation) => programOf(mutation, firstSeed, false).planted !== undefined);
    expect(flagged.map(({ rule, name }) => `${rule} ${name}`)).toEqual([]);
  });

  test('is found at its line: at least 95 % of shape errors and NL1xx, 90 % of the others', () => {
    const poor = rows.filter((row) => row.found < row.planted * (/^NL[01]/.test(row.rule) ? 0.95 : 0.9));
    expect(poor.map((row) => `${row.rule}: ${row.found} of ${row.planted}`)).toEqual([]);
  });

  test('no error on a program without it', () => {
    expect(alarms.filter((text) => / error, line/.test(text)).slice(0, 5)).toEqual([]);
  });

  test('warnings of the rule, and of any rule, on less than 5 % of the programs without it', () => {
    const loud = rows.filter(
      (row) =>
        (row.false[1] ?? 0) + (severityOf.get(row.rule) === 'information' ? (row.false[2] ?? 0) : 0) >=
        row.twins * 0.05,
    );
    expect(loud.map((row) => `${row.rule}: ${row.false.join(', ')} of ${row.twins}`)).toEqual([]);
    expect(falseWarnings / rows.reduce((all, row) => all + row.twins, 0)).toBeLessThan(0.05);
  });
});

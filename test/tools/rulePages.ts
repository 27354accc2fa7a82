/**
 * The pages of docs/rules, one a rule. Prose and programs are written by hand; what the analyzer knows better is written by
 * `npm run readme` between markers: `<!-- rule -->` (severity, summary), `<!-- said -->` (what Normlens says of the program
 * before it), `<!-- fixes -->` (the quick fixes it offers there), and the whole index. Tests hold the pages to both.
 *
 * A program is a fenced block whose info string says what it is for:
 *
 *     ```js incorrect warning     fires the page's rule, at this severity, and no other at warning or error
 *     ```text tfjs                what TensorFlow.js throws when the block before runs; without it the block runs to its end
 *     ```js correct               nothing at warning or error; runs in TensorFlow.js
 *     ```js measured              its exported numbers are those of the block after it
 *     ```text result              lines of `name = value`
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnalyzer } from '../../src/analyzer';
import type { FileAnalysis } from '../../src/analyzer/analysis';
import { type Finding, type Fix, type Rule, rules, type Severity } from '../../src/analyzer/rules';

export const FOLDER = 'docs/rules';
const INDEX = join(FOLDER, 'README.md');

/** The sections of every page, in this order. */
export const SECTIONS = [
  'What',
  'Why',
  'Condition',
  'Incorrect',
  'Correct',
  'Fix',
  'When to suppress',
  'In the playground',
];

export interface Block {
  readonly use: 'incorrect' | 'correct' | 'measured';
  /** The path it is analysed and run under. */
  readonly path: string;
  readonly code: string;
  /** Its first line in the page, from 1. */
  readonly line: number;
  /** What an incorrect block is reported as. */
  readonly severity: Severity | undefined;
  /** What TensorFlow.js throws; undefined where it runs. */
  readonly throws: string | undefined;
  /** The numbers of a measured block, as written. */
  readonly result: ReadonlyMap<string, string>;
}

export interface RulePage {
  readonly rule: Rule;
  readonly path: string;
  readonly text: string;
  readonly sections: readonly string[];
  readonly blocks: readonly Block[];
}

/** The names of all pages: files of the folder without the index, without extension. */
export const pageNames = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.replace(/\.md$/, ''));

export function readPage(rule: Rule): RulePage {
  const path = join(FOLDER, `${rule.name}.md`);
  const text = readFileSync(path, 'utf8');
  return { rule, path, text, sections: sectionsOf(text), blocks: blocksOf(rule, text) };
}

const sectionsOf = (text: string): readonly string[] =>
  [...text.replace(FENCE, '').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);

const FENCE = /^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm;

function blocksOf(rule: Rule, text: string): readonly Block[] {
  const fences = [...text.matchAll(FENCE)].map((match) => ({
    language: match[1] ?? '',
    words: (match[2] ?? '').split(' '),
    code: match[3] ?? '',
    line: text.slice(0, match.index).split('\n').length + 1,
  }));
  const own = fences.filter(({ words }) => words[0] !== 'said');
  return own.flatMap(({ language, words: [use, severity], code, line }, i) => {
    if (use !== 'incorrect' && use !== 'correct' && use !== 'measured') return [];
    const next = own[i + 1];
    const after = (word: string): string | undefined => (next?.words[0] === word ? next.code.trim() : undefined);
    return {
      use,
      path: `/pages/${rule.name}.${language}`,
      code,
      line,
      severity: severity as Severity | undefined,
      throws: after('tfjs'),
      result: new Map(
        (after('result') ?? '')
          .split('\n')
          .filter((row) => row !== '')
          .map((row) => [row.split('=')[0]?.trim() ?? '', row.split('=')[1]?.trim() ?? ''] as const),
      ),
    };
  });
}

/** What the analyzer says of a page's program. A rule that is off by default is turned on on its own page. */
export function analyzePage(rule: Rule, path: string, code: string): FileAnalysis {
  const analyzer = createAnalyzer(
    { read: (wanted) => (wanted === path ? code : undefined) },
    rule.off === true ? { severities: { [rule.id]: rule.severity } } : {},
  );
  return analyzer.analyze(path);
}

/** The source after the fix's edits, from the last to the first. */
export function fixed(source: string, fix: Fix): string {
  return [...fix.edits]
    .sort((a, b) => b.at.start - a.at.start)
    .reduce((text, { at, text: by }) => text.slice(0, at.start) + by + text.slice(at.end), source);
}

/** The page with its generated parts as they should be. */
export function withGenerated(page: RulePage): string {
  const { rule, text } = page;
  const incorrect = page.blocks.filter(({ use }) => use === 'incorrect');
  const findings = incorrect.map(({ path, code }) =>
    analyzePage(rule, path, code).findings.filter(({ ruleId }) => ruleId === rule.id),
  );
  let at = 0;
  const titled = text.replace(/^# .*$/m, `# ${rule.id} ${rule.name}`);
  return [
    ['rule', () => header(rule)],
    ['said', () => said(incorrect[at]?.code ?? '', findings[at++] ?? [])],
    ['fixes', () => fixesOf(findings.flat())],
  ].reduce((whole, [name, write]) => {
    const pattern = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`, 'g');
    return whole.replace(pattern, (_, start: string, end: string) => `${start}\n${(write as () => string)()}\n${end}`);
  }, titled);
}

function header({ severity, off, summary }: Rule): string {
  return `**${severity}**${off === true ? ', off by default' : ''} · ${summary}.`;
}

function said(code: string, findings: readonly Finding[]): string {
  const rows = findings.map(({ at, severity, ruleId, ruleName, message }) => {
    const before = code.slice(0, at.start).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}  ${severity}  ${ruleId} ${ruleName}\n  ${message}`;
  });
  return `\`\`\`text said\n${rows.join('\n')}\n\`\`\``;
}

function fixesOf(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ fixes }) =>
    fixes.map(({ title, safe }) => `- **${title}**${safe ? ', safe' : ', not safe'}`),
  );
  return rows.length === 0 ? 'There is no quick fix.' : [...new Set(rows)].join('\n');
}

const TIERS = [
  ['Shapes that TensorFlow.js refuses', /^NL0/],
  ['Misuse that fails or computes something else', /^NL1/],
  ['Training and prediction that drift apart', /^NL2/],
  ['Waste, ports and taste', /^NL3/],
  ['Comments', /^NL9/],
] as const;

/** The index: every rule under its tier, in the order of ids. */
export function indexPage(): string {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const tiers = TIERS.map(([title, ids]) => {
    const rows = sorted
      .filter(({ id }) => ids.test(id))
      .map(({ id, name, severity, off, summary }) => {
        const words = off === true ? `${severity}, off` : severity;
        return `| ${id} | [${name}](${name}.md) | ${words} | ${summary.replaceAll('|', '\\|')} |`;
      });
    return `## ${title}\n\n| id | rule | severity | what is wrong |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `<!-- Written by \`npm run readme\`. -->
# Rules

Every finding has a number, and every number a page: what is wrong, why, under which condition, with programs that the tests analyse and run in TensorFlow.js 4.22. *error* is kept for what is provable, *warning* for what is wrong with very few exceptions; *information* and *hint* are worth knowing.

Severities are set by id or name in the setting \`normlens.rules\`. A single finding is silenced by a comment with a reason: \`// normlens-disable-next-line NL208 -- one sample per batch on purpose\`.

A page names the playground's scene by the part of a link that opens it, \`#scene=…\`: put it behind the address that \`normlens playground\` prints. In an editor the playground is opened from the normalization itself, with its shape.

${tiers.join('\n')}`;
}

/** Writes the generated parts of all pages, and the index. */
export function writePages(): void {
  writeFileSync(INDEX, indexPage());
  const names = new Set(pageNames());
  for (const rule of rules.filter(({ name }) => names.has(name))) {
    const page = readPage(rule);
    writeFileSync(page.path, withGenerated(page));
  }
}

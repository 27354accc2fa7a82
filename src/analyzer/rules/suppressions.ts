/**
 * Comments that silence findings:
 *
 *     // normlens-disable-next-line NL208 -- the critic keeps its batch norm knowingly
 *     // normlens-disable-line NL301
 *     // normlens-disable NL208   …   // normlens-enable NL208
 *     // normlens-disable-file NL301, bias-before-bn
 *
 * Ids or names of rules, separated by blanks or commas; none means all. What follows `--` is the reason. A suppression that
 * silences nothing is itself reported.
 */
import type { Comment } from '../program/nodes';
import type { Finding, Fix, Rule, Severity } from './rule';

/** Reported by `suppress`, which sees the comments; a trace has none. */
export const unusedSuppression: Rule = {
  id: 'NL901',
  name: 'unused-suppression',
  severity: 'warning',
  summary: 'A comment suppresses a finding where there is none',
  check() {},
};

export interface SourceText {
  readonly path: string;
  readonly text: string;
  readonly comments: readonly Comment[];
}

export interface Suppressed {
  readonly finding: Finding;
  /** The reason given after `--`. */
  readonly reason: string | undefined;
}

export interface Judged {
  readonly kept: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  /** Findings of NL901: suppressions that silenced nothing. */
  readonly unused: readonly Finding[];
}

interface Suppression {
  readonly comment: Comment;
  /** One rule's id or name; undefined for all rules. */
  readonly rule: string | undefined;
  readonly reason: string | undefined;
  /** Offsets in which a finding must start. */
  readonly start: number;
  readonly end: number;
  used: boolean;
}

const FORM = /^[\s*]*normlens-(disable-next-line|disable-line|disable-file|disable|enable)\b([\s\S]*)$/;

/**
 * Sorts the findings of one file into those that stand and those that a comment silences.
 * @param severity that of unused suppressions
 */
export function suppress(
  source: SourceText,
  findings: readonly Finding[],
  severity: Severity | 'off' = unusedSuppression.severity,
): Judged {
  const suppressions = read(source);
  const kept: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of findings) {
    const by = finding.at.file === source.path ? suppressions.filter((s) => matches(s, finding)) : [];
    for (const suppression of by) suppression.used = true;
    if (by[0] === undefined) kept.push(finding);
    else suppressed.push({ finding, reason: by.find((s) => s.reason !== undefined)?.reason });
  }
  const unused = severity === 'off' ? [] : suppressions.filter((s) => !s.used);
  const whole = (s: Suppression): boolean => suppressions.every((other) => other.comment !== s.comment || !other.used);
  return { kept, suppressed, unused: unused.map((s) => unusedFinding(source, s, severity as Severity, whole(s))) };
}

function matches(suppression: Suppression, finding: Finding): boolean {
  const { rule, start, end } = suppression;
  const named = rule === undefined || rule === finding.ruleId || rule === finding.ruleName;
  return named && finding.at.start >= start && finding.at.start < end;
}

function read(source: SourceText): readonly Suppression[] {
  const all: Suppression[] = [];
  /** Blocks that are open, by rule. */
  const open = new Map<string | undefined, Omit<Suppression, 'end' | 'used'>>();
  const close = (rule: string | undefined, end: number): void => {
    const begun = open.get(rule);
    if (begun !== undefined) all.push({ ...begun, end, used: false });
    open.delete(rule);
  };
  for (const comment of source.comments) {
    const match = FORM.exec(comment.text);
    if (match === null) continue;
    const [, form, rest = ''] = match;
    const [list = '', ...reasons] = rest.replace(/\*\/\s*$/, '').split('--');
    const reason = reasons.join('--').trim() || undefined;
    const names = list.split(/[\s,:]+/).filter((name) => name !== '' && name !== '*');
    const rules: readonly (string | undefined)[] = names.length === 0 ? [undefined] : names;
    for (const rule of rules) {
      const base = { comment, rule, reason };
      if (form === 'disable') open.set(rule, { ...base, start: comment.end });
      else if (form === 'enable') {
        if (rule === undefined) for (const name of [...open.keys()]) close(name, comment.start);
        else close(rule, comment.start);
      } else all.push({ ...base, ...rangeOf(form, source.text, comment), used: false });
    }
  }
  for (const rule of [...open.keys()]) close(rule, Number.POSITIVE_INFINITY);
  return all.sort((a, b) => a.comment.start - b.comment.start);
}

function rangeOf(
  form: string | undefined,
  text: string,
  comment: Comment,
): { readonly start: number; readonly end: number } {
  if (form === 'disable-file') return { start: 0, end: Number.POSITIVE_INFINITY };
  if (form === 'disable-line') return lineAround(text, comment.start);
  return lineAround(text, nextCodeLine(text, comment.end));
}

/** The start of the next line that holds code: comments and blank lines between are skipped, so that suppressions stack. */
function nextCodeLine(text: string, from: number): number {
  let at = text.indexOf('\n', from);
  while (at >= 0) {
    const end = text.indexOf('\n', at + 1);
    const line = text.slice(at + 1, end < 0 ? text.length : end).trim();
    if (line !== '' && !line.startsWith('//') && !/^\/\*.*\*\/$/.test(line)) return at + 1;
    at = end;
  }
  return text.length;
}

function lineAround(text: string, offset: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length + 1 : end + 1 };
}

function unusedFinding(source: SourceText, suppression: Suppression, severity: Severity, whole: boolean): Finding {
  const { comment, rule } = suppression;
  return {
    ruleId: unusedSuppression.id,
    ruleName: unusedSuppression.name,
    severity,
    at: { file: source.path, start: comment.start, end: comment.end },
    message: `This suppresses ${rule ?? 'every rule'}, but there is no such finding here`,
    advice:
      'What it silenced is gone, or it stands at another line than it should. A suppression that is left behind would hide the next finding that comes here: delete it.',
    facts: rule === undefined ? {} : { rule },
    related: [],
    fixes: whole ? [deletion(source, comment)] : [],
  };
}

/** Deletes the comment, with its line where it has one to itself. */
function deletion({ path, text }: SourceText, comment: Comment): Fix {
  let { start, end } = comment;
  const line = lineAround(text, start);
  const last = text.slice(end, line.end).trim() === '';
  const alone = last && text.slice(line.start, start).trim() === '';
  if (alone) ({ start, end } = { start: line.start, end: Math.min(line.end, text.length) });
  else if (last) start = line.start + text.slice(line.start, start).trimEnd().length;
  return { title: 'Delete this suppression', safe: true, edits: [{ at: { file: path, start, end }, text: '' }] };
}

/**
 * The fix that silences a finding: a comment on the line before it, or, where that line is no place for a comment, one right
 * before it.
 * @param commentsOf the comments of a text, as the front end finds them
 */
export function suppressWith(text: string, finding: Finding, commentsOf: (text: string) => readonly Comment[]): Fix {
  const { file } = finding.at;
  const { start: line } = lineAround(text, finding.at.start);
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  const above = `${indent}// normlens-disable-next-line ${finding.ruleId} -- \n`;
  const isComment = ({ start }: Comment): boolean => start === line + indent.length;
  // In markup, JSX and templates, what stands between two lines of code may be text.
  const [start, comment] =
    !maySpanLines.test(text) || commentsOf(text.slice(0, line) + above + text.slice(line)).some(isComment)
      ? [line, above]
      : [finding.at.start, `/* normlens-disable-line ${finding.ruleId} -- */ `];
  return {
    title: `Suppress ${finding.ruleId} on this line`,
    safe: true,
    edits: [{ at: { file, start, end: start }, text: comment }],
  };
}

/** Text of templates, JSX and markup. */
const maySpanLines = /`|<\/|\/>/;

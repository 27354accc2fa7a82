import type { FileAnalysis } from '../../analyzer/analysis';
import type { Finding, Severity } from '../../analyzer/rules/rule';
import { describeSpot } from '../../present/describe';
import { spotOf } from '../../present/lookup';
import type { CheckResult } from '../check';
import type { JsonSummary } from '../contract';
import { startOf } from '../convert';
import { frame } from '../frame';
import type { Colors, Terminal } from '../terminal';
import { wrap } from '../wrap';

const PAINT: Readonly<Record<Severity, (colors: Colors) => (text: string) => string>> = {
  error: (colors) => colors.red,
  warning: (colors) => colors.yellow,
  information: (colors) => colors.blue,
  hint: (colors) => colors.cyan,
};

/** For people: the source line with a squiggle, the shapes, why it matters, and the fix. */
export function pretty(result: CheckResult, terminal: Terminal): string {
  const analyses = new Map(result.analyses.map((analysis) => [analysis.path, analysis]));
  const findings = result.findings.map((finding) => block(finding, analyses.get(finding.at.file), result, terminal));
  return findings.join('\n') + (findings.length > 0 ? '\n' : '') + footer(result, terminal);
}

function block(
  finding: Finding,
  analysis: FileAnalysis | undefined,
  { workspace }: CheckResult,
  { colors, width }: Terminal,
): string {
  const paint = PAINT[finding.severity](colors);
  const where = ({ at }: { readonly at: Finding['at'] }) => {
    const { line, column } = startOf(at, workspace);
    return `${workspace.display(at.file)}:${line}:${column}`;
  };
  const row = (label: string, text: string, indent = '') =>
    `  ${colors.dim(label.padEnd(7))} ${wrap(text, width - 10, `          ${indent}`)}\n`;
  const spot = analysis && spotOf(analysis, finding.at);
  return [
    `${colors.bold(where(finding))}  ${paint(finding.severity)}  ${colors.dim(`${finding.ruleId} ${finding.ruleName}`)}\n`,
    `  ${finding.message}\n`,
    frame(finding.at, workspace.files.lines(finding.at.file), colors, paint),
    ...(spot ? describeSpot(spot) : []).map((line) => `  ${colors.dim('shapes')}  ${line}\n`),
    row('why', finding.advice),
    ...finding.related.map((related) => row('see', `${where(related)} ${related.message}`)),
    ...finding.fixes.map((fix) => row('fix', fix.title)),
  ].join('');
}

function footer({ summary, analyses, workspace }: CheckResult, { colors }: Terminal): string {
  const skipped = summary.skipped.map(({ file, reason }) => `${colors.dim(`${file} was not checked: ${reason}`)}\n`);
  const broken = analyses.flatMap(({ problems }) => {
    const [first, ...more] = problems;
    if (first === undefined) return [];
    const { line, column } = startOf(first.at, workspace);
    const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
    return `${colors.dim(`${workspace.display(first.at.file)}:${line}:${column}  ${first.message}${rest}`)}\n`;
  });
  return [...broken, ...skipped, verdict(summary, colors), '\n'].join('');
}

function verdict(summary: JsonSummary, colors: Colors): string {
  const files = count(summary.files, 'file');
  const parts = [
    summary.errors > 0 && colors.red(count(summary.errors, 'error')),
    summary.warnings > 0 && colors.yellow(count(summary.warnings, 'warning')),
    summary.information > 0 && colors.blue(`${summary.information} information`),
    summary.hints > 0 && colors.cyan(count(summary.hints, 'hint')),
  ].filter((part) => part !== false);
  return parts.length === 0 ? `${colors.green('No findings')} in ${files}` : `${parts.join(', ')} in ${files}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

import type { Severity } from '../../analyzer/rules/rule';
import type { CheckResult } from '../check';
import { rangeOf } from '../convert';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/**
 * Annotations of GitHub Actions, one line a finding.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
 */
export function github({ findings, workspace }: CheckResult): string {
  return findings
    .map((finding) => {
      const { start, end } = rangeOf(finding.at, workspace);
      // An annotation over several lines has no columns.
      const columns =
        start.line === end.line ? { col: start.column, endColumn: Math.max(start.column, end.column - 1) } : {};
      const properties = Object.entries({
        file: workspace.display(finding.at.file),
        line: start.line,
        endLine: end.line,
        ...columns,
        title: `${finding.ruleId} ${finding.ruleName}`,
      }).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
      return `::${COMMANDS[finding.severity]} ${properties.join(',')}::${escapeData(`${finding.message}\n${finding.advice}`)}\n`;
    })
    .join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

import type { Finding, Severity } from '../../analyzer/rules/rule';
import type { CheckResult } from '../check';
import { startOf } from '../convert';
import { type Element, xml } from './xml';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'info',
  hint: 'info',
};

/** Checkstyle's XML, which most CI systems and review tools read: every checked file with its findings. */
export function checkstyle({ analyses, findings, workspace }: CheckResult): string {
  const error = (finding: Finding): Element => {
    const { line, column } = startOf(finding.at, workspace);
    return {
      name: 'error',
      attributes: {
        line,
        column,
        severity: SEVERITIES[finding.severity],
        message: `${finding.message} (${finding.ruleId} ${finding.ruleName})`,
        source: `normlens.${finding.ruleName}`,
      },
    };
  };
  return xml({
    name: 'checkstyle',
    attributes: { version: '4.3' },
    children: analyses.map(({ path }) => ({
      name: 'file',
      attributes: { name: workspace.display(path) },
      children: findings.filter(({ at }) => at.file === path).map(error),
    })),
  });
}

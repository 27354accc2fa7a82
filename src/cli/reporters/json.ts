import type { CheckResult } from '../check';
import type { CheckReport } from '../contract';
import { jsonFinding } from '../convert';

/** The contract's JSON on one line. */
export function json({ findings, summary, workspace }: CheckResult): string {
  const report: CheckReport = {
    version: 1,
    findings: findings.map((finding) => jsonFinding(finding, workspace)),
    summary,
  };
  return `${JSON.stringify(report)}\n`;
}

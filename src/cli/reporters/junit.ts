import type { Finding } from '../../analyzer/rules/rule';
import type { CheckResult } from '../check';
import { startOf } from '../convert';
import { type Element, xml } from './xml';

/**
 * JUnit's XML: a suite for each file, a case for each finding. Errors and warnings fail, what is only told passes, what a
 * comment silences is skipped with the comment's reason; a file without findings is one case that passes.
 */
export function junit(result: CheckResult): string {
  const suites = result.analyses.map(({ path }) => suite(path, result));
  return xml({
    name: 'testsuites',
    attributes: { name: 'normlens', ...sums(suites.map(({ attributes }) => attributes)) },
    children: suites,
  });
}

function suite(path: string, { findings, suppressed, workspace }: CheckResult): Element {
  const name = workspace.display(path);
  const testcase = (finding: Finding, children: readonly Element[]): Element => {
    const { line, column } = startOf(finding.at, workspace);
    const title = `${finding.ruleId} ${finding.ruleName} at ${line}:${column}`;
    return { name: 'testcase', attributes: { name: title, classname: name, file: name, line, time: 0 }, children };
  };
  const told = findings
    .filter(({ at }) => at.file === path)
    .map((finding) => {
      const { line, column } = startOf(finding.at, workspace);
      const text = `${name}:${line}:${column}\n${finding.message}\n${finding.advice}`;
      const { severity } = finding;
      if (severity !== 'error' && severity !== 'warning') {
        return testcase(finding, [{ name: 'system-out', attributes: {}, text }]);
      }
      const attributes = { message: finding.message, type: severity };
      return testcase(finding, [{ name: 'failure', attributes, text }]);
    });
  const silenced = suppressed
    .filter(({ finding }) => finding.at.file === path)
    .map(({ finding, reason = 'suppressed without a reason' }) =>
      testcase(finding, [{ name: 'skipped', attributes: { message: reason } }]),
    );
  const cases = [...told, ...silenced];
  if (cases.length === 0) {
    cases.push({ name: 'testcase', attributes: { name: 'no findings', classname: name, file: name, time: 0 } });
  }
  const count = (kind: string) => cases.filter(({ children }) => children?.[0]?.name === kind).length;
  const attributes = {
    name,
    tests: cases.length,
    failures: count('failure'),
    errors: 0,
    skipped: count('skipped'),
    time: 0,
  };
  return { name: 'testsuite', attributes, children: cases };
}

function sums(suites: readonly Element['attributes'][]): Readonly<Record<string, number>> {
  const sum = (name: string) => suites.reduce((total, attributes) => total + Number(attributes[name] ?? 0), 0);
  return Object.fromEntries(['tests', 'failures', 'errors', 'skipped', 'time'].map((name) => [name, sum(name)]));
}

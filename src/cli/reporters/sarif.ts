import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Log, PhysicalLocation, Region, ReportingDescriptor, Result, Suppression } from 'sarif';
import { version } from '../../../package.json';
import { rules } from '../../analyzer/rules';
import type { Finding, Rule, Severity } from '../../analyzer/rules/rule';
import type { Place } from '../../analyzer/trace/facts';
import { rulePage } from '../../present/rulePage';
import type { CheckResult } from '../check';
import { rangeOf } from '../convert';
import { failuresOf, whereFailed } from '../failures';
import type { Workspace } from '../workspace';

const LEVELS = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const satisfies Record<
  Severity,
  Result['level']
>;

/**
 * SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Every rule is declared; what comments
 * silence is kept, with their reasons.
 */
export function sarif({ analyses, findings, suppressed, summary, workspace }: CheckResult): string {
  const failures = failuresOf(analyses);
  const indices = new Map(rules.map((rule, index) => [rule.id, index]));
  const told = [...findings, ...suppressed.map(({ finding }) => finding)];
  const fingerprint = fingerprints(told, workspace);
  const resultOf = (finding: Finding) =>
    result(finding, indices.get(finding.ruleId), fingerprint.get(finding) ?? '', workspace);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Normlens',
            version,
            informationUri: 'https://github.com/normlens/normlens',
            rules: rules.map(descriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(workspace.cwd).href.replace(/\/$/, '')}/` } },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: [
              ...summary.skipped.map(({ file, reason }) => ({
                level: 'note' as const,
                message: { text: `${file} was not checked: ${reason}` },
              })),
              ...failures.map((failure) => ({
                level: 'error' as const,
                message: { text: whereFailed(failure, workspace) },
                locations: [{ physicalLocation: location(failure.at, workspace) }],
              })),
            ],
          },
        ],
        // Either every result says whether it is suppressed or none does (section 3.27.23).
        results: [
          ...findings.map((finding) => ({ ...resultOf(finding), suppressions: [] })),
          ...suppressed.map(({ finding, reason }) => ({ ...resultOf(finding), suppressions: [suppression(reason)] })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(rule: Rule): ReportingDescriptor {
  const page = rulePage(rule.name);
  return {
    id: rule.id,
    name: rule.name,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.summary },
    help: { text: `${rule.summary}. ${page}`, markdown: `${rule.summary}. [What to do](${page})` },
    helpUri: page,
    defaultConfiguration: { enabled: rule.off !== true, level: LEVELS[rule.severity] },
  };
}

function result(finding: Finding, ruleIndex: number | undefined, fingerprint: string, workspace: Workspace): Result {
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    message: { text: `${finding.message}\n\n${finding.advice}` },
    locations: [{ physicalLocation: location(finding.at, workspace) }],
    partialFingerprints: { 'normlens/v1': fingerprint },
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map((related, id) => ({
            id,
            physicalLocation: location(related.at, workspace),
            message: { text: related.message },
          })),
        }),
    ...(finding.fixes.length === 0 ? {} : { fixes: finding.fixes.map((fix) => sarifFix(fix, workspace)) }),
    properties: { facts: finding.facts },
  };
}

function sarifFix(fix: Finding['fixes'][number], workspace: Workspace) {
  return {
    description: { text: fix.title },
    artifactChanges: [...new Set(fix.edits.map((edit) => edit.at.file))].map((file) => ({
      artifactLocation: artifact(file, workspace),
      replacements: fix.edits
        .filter((edit) => edit.at.file === file)
        .map((edit) => ({ deletedRegion: region(edit.at, workspace), insertedContent: { text: edit.text } })),
    })),
  };
}

function location(place: Place, workspace: Workspace): PhysicalLocation {
  return { artifactLocation: artifact(place.file, workspace), region: region(place, workspace) };
}

function artifact(path: string, workspace: Workspace): { uri: string; uriBaseId?: string } {
  const shown = workspace.display(path);
  if (shown === path) return { uri: pathToFileURL(path).href };
  return { uri: shown.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
}

function region(place: Place, workspace: Workspace): Region {
  const { start, end } = rangeOf(place, workspace);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function suppression(reason: string | undefined): Suppression {
  return { kind: 'inSource', ...(reason === undefined ? {} : { justification: reason }) };
}

/**
 * What stays the same when lines move or a comment silences a finding: the rule, the file, the text under the range, and
 * which of several it is.
 */
function fingerprints(findings: readonly Finding[], workspace: Workspace): ReadonlyMap<Finding, string> {
  const seen = new Map<string, number>();
  const known = new Map<Finding, string>();
  for (const finding of [...findings].sort((a, b) => a.at.start - b.at.start)) {
    const { ruleId, at } = finding;
    const text = (workspace.files.read(at.file) ?? '').slice(at.start, at.end).replace(/\s+/g, ' ');
    const key = [ruleId, workspace.display(at.file), text].join('\0');
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    known.set(finding, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}:${nth}`);
  }
  return known;
}

import { type CodeAction, CodeActionKind, type CodeActionParams, type Range } from 'vscode-languageserver';
import type { FileAnalysis } from '../analyzer/analysis';
import { safeFixes } from '../analyzer/rules/fixes';
import type { Finding, Fix } from '../analyzer/rules/rule';
import { unusedSuppression } from '../analyzer/rules/suppressions';
import { handOverAt } from '../present/handOver';
import { OPEN_PLAYGROUND } from '../shared/protocol';
import { Converter } from './convert';
import { analyzeDocument, type Workspace } from './workspace';

/** Fixes every safe finding of a file, also on save. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.normlens`;

const FIX_ALL_TITLE = 'Fix all safe Normlens problems in this file';

/** The fixes of the findings in a range, one for all safe fixes of the file, and comments that silence the findings. */
export async function codeActions(workspace: Workspace, params: CodeActionParams): Promise<CodeAction[]> {
  const analyzed = await analyzeDocument(workspace, params.textDocument.uri);
  if (analyzed === undefined) return [];
  const { path } = analyzed.analysis;
  const converter = new Converter(workspace);
  const findings = analyzed.analysis.findings.filter(({ at }) => at.file === path);
  const here = findings.filter(({ at }) => overlap(converter.range(at), params.range));
  // Whoever asks for this on saving expects no other file to change.
  const safe = safeFixes(findings, (file) => file === path);
  const all: Fix = { title: FIX_ALL_TITLE, safe: true, edits: safe.flatMap(({ edits }) => edits) };
  const fixAll = (kind: CodeActionKind): CodeAction[] => [
    { title: FIX_ALL_TITLE, kind, edit: { changes: converter.changes(all) } },
  ];
  const actions: CodeAction[] = [];
  if (wants(params, CodeActionKind.QuickFix)) {
    for (const finding of here) {
      actions.push(...quickFixes(finding, params, converter), ...showing(finding, analyzed.analysis));
    }
    const several = safe.length > 1 && here.some(({ fixes }) => fixes.some((fix) => fix.safe));
    if (several) actions.push(...fixAll(CodeActionKind.QuickFix));
    actions.push(...suppressions(here, workspace, params, converter));
  }
  if (wants(params, FIX_ALL) && safe.length > 0) actions.push(...fixAll(FIX_ALL));
  return actions;
}

function quickFixes(finding: Finding, params: CodeActionParams, converter: Converter): CodeAction[] {
  return finding.fixes.map((fix, i) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnosticsOf(finding, params, converter),
    isPreferred: i === 0 && fix.safe,
    edit: { changes: converter.changes(fix) },
  }));
}

/** The finding's layer in the playground, where its shape is known. */
function showing(finding: Finding, analysis: FileAnalysis): CodeAction[] {
  const query = handOverAt(analysis, finding.at);
  if (query === undefined) return [];
  const title = 'See it in the playground';
  return [{ title, kind: CodeActionKind.QuickFix, command: { title, command: OPEN_PLAYGROUND, arguments: [query] } }];
}

/** A comment for each rule that speaks on a line: it silences all that the rule says there. */
function suppressions(
  findings: readonly Finding[],
  { analyses }: Workspace,
  params: CodeActionParams,
  converter: Converter,
): readonly CodeAction[] {
  const actions = new Map<string, CodeAction>();
  for (const finding of findings) {
    if (finding.ruleId === unusedSuppression.id) continue;
    const fix = analyses.suppression(finding);
    if (fix === undefined) continue;
    const key = `${finding.ruleId}:${fix.edits[0]?.at.start}`;
    if (actions.has(key)) continue;
    actions.set(key, {
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: diagnosticsOf(finding, params, converter),
      edit: { changes: converter.changes(fix) },
    });
  }
  return [...actions.values()];
}

function diagnosticsOf({ ruleId, at }: Finding, { context }: CodeActionParams, converter: Converter) {
  const range = converter.range(at);
  return context.diagnostics.filter((diagnostic) => diagnostic.code === ruleId && sameRange(diagnostic.range, range));
}

/** Whether the editor asks for this kind of action, or one above it; it asks for all where it names none. */
function wants({ context }: CodeActionParams, kind: string): boolean {
  return context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? kind === CodeActionKind.QuickFix;
}

function overlap(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function sameRange(a: Range, b: Range): boolean {
  return (
    !isBefore(a.start, b.start) && !isBefore(b.start, a.start) && !isBefore(a.end, b.end) && !isBefore(b.end, a.end)
  );
}

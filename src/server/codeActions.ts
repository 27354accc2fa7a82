import { type CodeAction, CodeActionKind, type CodeActionParams, type Range } from 'vscode-languageserver';
import type { FileAnalysis } from '../analyzer/analysis';
import type { Finding, Fix } from '../analyzer/rules/rule';
import { handOverAt } from '../present/handOver';
import { OPEN_PLAYGROUND } from '../shared/protocol';
import { Converter } from './convert';
import { analyzeDocument, type Workspace } from './workspace';

/** Fixes every safe finding of a file, also on save. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.normlens`;

/** The fixes of the findings in a range, and one for all safe fixes of the file. */
export async function codeActions(workspace: Workspace, params: CodeActionParams): Promise<CodeAction[]> {
  const analyzed = await analyzeDocument(workspace, params.textDocument.uri);
  if (analyzed === undefined) return [];
  const converter = new Converter(workspace);
  const findings = analyzed.analysis.findings.filter(({ at }) => at.file === analyzed.analysis.path);
  const actions: CodeAction[] = [];
  if (wants(params, CodeActionKind.QuickFix)) {
    for (const finding of findings) {
      if (overlap(converter.range(finding.at), params.range)) {
        actions.push(...quickFixes(finding, params, converter), ...showing(finding, analyzed.analysis));
      }
    }
  }
  if (wants(params, FIX_ALL)) {
    const fixes = compatible(findings.flatMap(({ fixes }) => fixes.find(({ safe }) => safe) ?? []));
    const edits = fixes.flatMap((fix) => fix.edits);
    if (edits.length > 0) {
      const title = `Fix all that Normlens can fix safely (${fixes.length})`;
      actions.push({ title, kind: FIX_ALL, edit: { changes: converter.changes({ title, safe: true, edits }) } });
    }
  }
  return actions;
}

function quickFixes(finding: Finding, params: CodeActionParams, converter: Converter): CodeAction[] {
  const range = converter.range(finding.at);
  const diagnostics = params.context.diagnostics.filter(
    (diagnostic) => diagnostic.code === finding.ruleId && sameRange(diagnostic.range, range),
  );
  return finding.fixes.map((fix, i) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
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

/** Whether the editor asks for this kind of action, or one above it; it asks for all where it names none. */
function wants({ context }: CodeActionParams, kind: string): boolean {
  return context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? kind === CodeActionKind.QuickFix;
}

/** The fixes that can be applied together: one whose edits touch those of an earlier one waits for the next time. */
function compatible(fixes: readonly Fix[]): readonly Fix[] {
  const kept: Fix[] = [];
  for (const fix of fixes) {
    const touches = kept.some((other) =>
      other.edits.some((a) =>
        fix.edits.some((b) => a.at.file === b.at.file && a.at.start <= b.at.end && b.at.start <= a.at.end),
      ),
    );
    if (!touches) kept.push(fix);
  }
  return kept;
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

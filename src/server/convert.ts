import {
  type CodeDescription,
  type Diagnostic,
  DiagnosticSeverity,
  type Location,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import type { LineMap } from '../analyzer/program/lineMap';
import type { Finding, Fix, Severity } from '../analyzer/rules/rule';
import type { Place } from '../analyzer/trace/facts';
import { rulePage } from '../present/rulePage';
import type { Counts } from '../shared/protocol';
import { linesOf, type Workspace } from './workspace';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What a diagnostic carries for those who act on it. */
export interface DiagnosticData {
  readonly ruleName: string;
  readonly facts: Finding['facts'];
}

/** Turns the analyzer's places into the editor's, reading the lines of each file once. */
export class Converter {
  readonly #workspace: Workspace;
  readonly #lines = new Map<string, LineMap>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  range(place: Place): Range {
    const lines = this.#linesOf(place.file);
    const position = (offset: number) => {
      const { line, column } = lines.position(offset);
      return { line: line - 1, character: column - 1 };
    };
    return { start: position(place.start), end: position(place.end) };
  }

  offset(path: string, position: { readonly line: number; readonly character: number }): number {
    return this.#linesOf(path).offset(position.line + 1, position.character + 1);
  }

  location(place: Place): Location {
    return { uri: this.#workspace.paths.toUri(place.file), range: this.range(place) };
  }

  diagnostic(finding: Finding): Diagnostic {
    const codeDescription: CodeDescription = { href: rulePage(finding.ruleName) };
    const data: DiagnosticData = { ruleName: finding.ruleName, facts: finding.facts };
    return {
      range: this.range(finding.at),
      severity: SEVERITIES[finding.severity],
      source: 'normlens',
      code: finding.ruleId,
      codeDescription,
      message: finding.message,
      relatedInformation: finding.related.map(({ at, message }) => ({ location: this.location(at), message })),
      data,
    };
  }

  /** A fix's edits by the address of their file. */
  changes(fix: Fix): Record<string, TextEdit[]> {
    const changes: Record<string, TextEdit[]> = {};
    for (const { at, text } of fix.edits) {
      const uri = this.#workspace.paths.toUri(at.file);
      const edits = changes[uri] ?? [];
      edits.push({ range: this.range(at), newText: text });
      changes[uri] = edits;
    }
    return changes;
  }

  #linesOf(path: string): LineMap {
    const known = this.#lines.get(path) ?? linesOf(this.#workspace, path);
    this.#lines.set(path, known);
    return known;
  }
}

/** Findings by severity. */
export function countFindings(findings: readonly Finding[]): Counts {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

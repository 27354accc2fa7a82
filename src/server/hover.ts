import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import type { Finding, Severity } from '../analyzer/rules/rule';
import { describeSpot } from '../present/describe';
import { type Spot, spotAt } from '../present/lookup';
import { rulePage } from '../present/rulePage';
import { Converter } from './convert';
import { analyzeDocument, type Workspace } from './workspace';

/** What is worse comes first. */
const WEIGHTS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/** The findings under the cursor with why and what to do, and the shapes of the call or layer there. */
export async function hover(workspace: Workspace, uri: string, position: Position): Promise<Hover | null> {
  const analyzed = await analyzeDocument(workspace, uri);
  if (analyzed === undefined) return null;
  const { analysis } = analyzed;
  const converter = new Converter(workspace);
  const offset = converter.offset(analysis.path, position);
  const findings = analysis.findings
    .filter(({ at }) => at.file === analysis.path && at.start <= offset && offset <= at.end)
    .sort((a, b) => WEIGHTS[a.severity] - WEIGHTS[b.severity]);
  const spot = spotAt(analysis, offset);
  const range = findings[0]?.at ?? spot?.at;
  if (range === undefined) return null;
  const sections = [...findings.map(findingSection), ...(spot === undefined ? [] : [spotSection(spot)])];
  return {
    contents: { kind: MarkupKind.Markdown, value: sections.join('\n\n---\n\n') },
    range: converter.range(range),
  };
}

/** The message itself stands above, in the editor's own words for the diagnostic. */
function findingSection(finding: Finding): string {
  return `[${finding.ruleId} ${finding.ruleName}](${rulePage(finding.ruleName)}) ${escapeMarkdown(finding.advice)}`;
}

function spotSection(spot: Spot): string {
  const reason = spot.call?.reason;
  const told = code(describeSpot(spot).join('\n'));
  return reason === undefined ? told : `${told}\n\n${escapeMarkdown(reason.text)}`;
}

function code(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

/** Text between backticks is code already, and stays as it is. */
function escapeMarkdown(text: string): string {
  return text.replace(/(`[^`]*`)|[\\*_[\]<>|#]/g, (match, span: string | undefined) => span ?? `\\${match}`);
}

import type { Explanation, FileAnalysis } from '../analyzer/analysis';
import type { Place } from '../analyzer/trace/facts';
import { discover, PathError } from '../disk/discover';
import { describeSpot, isUnknown } from '../present/describe';
import { tellExplanation } from '../present/explanation';
import { type Spot, spotsOf } from '../present/lookup';
import { rangeOf, startOf } from './convert';
import { tellFailures } from './failures';
import { frame } from './frame';
import { tellConfigProblems } from './select';
import type { ExitCode, Terminal } from './terminal';
import { type CreateAnalyzer, openWorkspace, type Workspace } from './workspace';
import { wrap } from './wrap';

/** `FILE:LINE` or `FILE:LINE:COLUMN`, counted from 1. */
export interface Target {
  readonly path: string;
  readonly line: number;
  readonly column: number | undefined;
}

/** Throws a PathError where the words are no such place. */
export function parseTarget(words: string): Target {
  const [, path, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(words) ?? [];
  if (path === undefined || line === undefined || Number(line) < 1 || Number(column ?? 1) < 1) {
    throw new PathError(`${words} is no place: expected FILE:LINE or FILE:LINE:COLUMN, counted from 1`);
  }
  return { path, line: Number(line), column: column === undefined ? undefined : Number(column) };
}

/**
 * `normlens explain FILE:LINE[:COL]`: the value at a place and how it came about, or where and why inference stopped.
 * Throws a PathError.
 */
export function explain(words: string, terminal: Terminal, createAnalyzer: CreateAnalyzer): ExitCode {
  const target = parseTarget(words);
  const [file] = discover([target.path], terminal.cwd);
  if (file === undefined) throw new PathError(`${target.path} is no JavaScript or TypeScript source file`);
  const workspace = openWorkspace(terminal.cwd, createAnalyzer);
  const source = workspace.files.source(file);
  if (source !== undefined && 'problem' in source)
    throw new PathError(`${target.path} cannot be read: ${source.problem}`);
  const lines = workspace.files.lines(file);
  if (target.line > lines.lineCount) throw new PathError(`${target.path} has ${lines.lineCount} lines`);
  const analysis = workspace.analyzer.analyze(file);
  tellConfigProblems(workspace, terminal);
  const exitCode: ExitCode = tellFailures([analysis], workspace, terminal) ? 2 : 0;
  const explanations = explanationsAt(file, target, workspace);
  const told = new Set(explanations.flatMap(placesOf));
  const untold = ({ at }: { readonly at: Place }) => !told.has(keyOf(at));
  const sections = [
    ...explanations.map((explanation) => explanationSection(explanation, workspace, terminal)),
    ...spots(analysis, target, workspace)
      .filter(untold)
      .map((spot) => spotSection(spot, workspace, terminal)),
    ...stops(analysis, target, workspace)
      .filter(untold)
      .map((reason) => section(reason.at, [reason.text], workspace, terminal)),
    ...findings(analysis, target, workspace).map(({ at, ruleId, ruleName, message, advice }) =>
      section(at, [`${ruleId} ${ruleName}: ${message}`, advice], workspace, terminal),
    ),
  ];
  terminal.write(sections.length > 0 ? sections.join('\n') : `Nothing at ${words} has a value to tell.\n`);
  return exitCode;
}

/** With a column the innermost expression there; with a line alone, the names and expressions on it that have a value. */
function explanationsAt(
  file: string,
  { line, column }: Target,
  { analyzer, files }: Workspace,
): readonly Explanation[] {
  const lines = files.lines(file);
  if (column !== undefined) {
    const explanation = analyzer.explain(file, lines.offset(line, column));
    return explanation === undefined ? [] : [explanation];
  }
  const all = analyzer.explainBetween(file, lines.offset(line, 1), lines.offset(line, Number.POSITIVE_INFINITY));
  // What `model.add(…)` gives is undefined: the layer is what there is to tell.
  return all.filter(({ values }) => values.some(({ text }) => text !== 'undefined'));
}

/** The places of which an explanation tells. */
function placesOf({ at, values }: Explanation): readonly string[] {
  const steps = values.flatMap((value) => [value, ...(value.options ?? [])]).flatMap((value) => value.steps);
  const stops = values.flatMap(({ stop }) => (stop === undefined ? [] : [stop]));
  return [at, ...[...steps, ...stops].map((told) => told.at)].map(keyOf);
}

function keyOf({ file, start, end }: Place): string {
  return `${file}:${start}:${end}`;
}

function explanationSection(explanation: Explanation, workspace: Workspace, terminal: Terminal): string {
  const { colors } = terminal;
  const lines = tellExplanation(explanation).map(({ text, at, depth }) => {
    const where = at === undefined ? '' : colors.dim(`${here(at, workspace)} `);
    return `${depth === 0 ? '' : '· '}${where}${text}`;
  });
  return section(explanation.at, lines, workspace, terminal);
}

function here(at: Place, workspace: Workspace): string {
  const { line, column } = startOf(at, workspace);
  return `${workspace.display(at.file)}:${line}:${column}`;
}

/** Whether a place is meant: it holds the column or, where none is given, touches the line. */
function meant(at: Place, target: Target, workspace: Workspace): boolean {
  const { start, end } = rangeOf(at, workspace);
  if (target.line < start.line || target.line > end.line) return false;
  if (target.column === undefined) return true;
  const after = target.line > start.line || target.column >= start.column;
  return after && (target.line < end.line || target.column <= end.column);
}

/** With a column the innermost; with a line alone, all that begin or end on it. */
function spots(analysis: FileAnalysis, target: Target, workspace: Workspace): readonly Spot[] {
  const all = spotsOf(analysis).filter(({ at }) => meant(at, target, workspace));
  if (target.column !== undefined) return all.slice(-1);
  return all.filter(({ at }) => {
    const { start, end } = rangeOf(at, workspace);
    return start.line === target.line || end.line === target.line;
  });
}

function stops(analysis: FileAnalysis, target: Target, workspace: Workspace) {
  const told = new Set(spots(analysis, target, workspace).map((spot) => spot.call?.reason?.at.start));
  return analysis.reasons.filter(
    ({ at }) => at.file === analysis.path && meant(at, target, workspace) && !told.has(at.start),
  );
}

function findings(analysis: FileAnalysis, target: Target, workspace: Workspace) {
  return analysis.findings.filter(({ at }) => at.file === analysis.path && meant(at, target, workspace));
}

function spotSection(spot: Spot, workspace: Workspace, terminal: Terminal): string {
  const told = section(spot.at, describeSpot(spot), workspace, terminal);
  const reason = spot.call?.reason;
  if (reason === undefined) return told;
  const lead = isUnknown(spot) ? 'Inference stopped here' : 'Not all is known';
  return `${told}${section(reason.at, [`${lead}: ${reason.text}`], workspace, terminal)}`;
}

function section(at: Place, paragraphs: readonly string[], workspace: Workspace, { colors, width }: Terminal): string {
  const head = colors.bold(here(at, workspace));
  const picture = frame(at, workspace.files.lines(at.file), colors, colors.cyan);
  const words = paragraphs.map((paragraph) => `  ${wrap(paragraph, width - 2, '  ')}\n`);
  return `${head}\n${picture}${words.join('')}`;
}

import type { FileAnalysis, LayerSummary, ModelSummary } from '../analyzer/analysis';
import { coverageOf, tellCoverage } from '../present/coverage';
import { showCount } from '../present/describe';
import { flowsOf, listShapes, outputsOf, showFlow, showShapes } from '../present/shapes';
import { analyze } from './check';
import { shapesReport, startOf } from './convert';
import { tellFailures } from './failures';
import { select, tellConfigProblems, tellIdleAssumptions } from './select';
import { table } from './table';
import type { ExitCode, Terminal } from './terminal';
import type { AnalyzeFiles } from './threads';
import { type CreateAnalyzer, openWorkspace, type Workspace } from './workspace';

export type ShapesFormat = 'table' | 'json';

/** `normlens shapes FILE…`: models as tfjs's `summary()` tells them, and every call. Throws a PathError. */
export function shapes(
  paths: readonly string[],
  options: { readonly format: ShapesFormat },
  terminal: Terminal,
  createAnalyzer: CreateAnalyzer,
  analyzeFiles?: AnalyzeFiles,
): ExitCode {
  const workspace = openWorkspace(terminal.cwd, createAnalyzer);
  const { files, skipped } = select(paths, workspace);
  tellConfigProblems(workspace, terminal);
  const { analyses, summary } = analyze(files, workspace, skipped, analyzeFiles);
  tellIdleAssumptions(analyses, workspace, terminal);
  const exitCode: ExitCode = tellFailures(analyses, workspace, terminal) ? 2 : 0;
  for (const { file, reason } of summary.skipped) terminal.warn(`normlens: ${file} was not read: ${reason}`);
  if (options.format === 'json') {
    terminal.write(`${JSON.stringify(shapesReport(analyses, workspace))}\n`);
    return exitCode;
  }
  for (const analysis of analyses) terminal.write(tables(analysis, workspace, terminal));
  terminal.write(`${tellCoverage(coverageOf(analyses.flatMap(({ calls }) => calls)))}\n`);
  return exitCode;
}

function tables(analysis: FileAnalysis, workspace: Workspace, terminal: Terminal): string {
  const { models, calls } = analysis;
  if (models.length === 0 && calls.length === 0) return '';
  const { colors } = terminal;
  const where = (at: LayerSummary['at']) => {
    const { line, column } = startOf(at, workspace);
    return colors.dim(
      at.file === analysis.path ? `${line}:${column}` : `${workspace.display(at.file)}:${line}:${column}`,
    );
  };
  const parts = [`${colors.bold(workspace.display(analysis.path))}\n`];
  for (const model of models) {
    const rows = model.layers.map((layer) => [
      where(layer.at),
      layer.name,
      colors.dim(layer.type),
      showShapes(listShapes(layer.outputShape)),
      layer.params === undefined ? '?' : showCount(layer.params),
    ]);
    parts.push(`\n  ${colors.bold(model.name)} ${colors.dim(model.kind)} ${showFlow(model.inputs, model.outputs)}\n`);
    parts.push(table(['at', 'layer', 'type', 'output', 'parameters'], rows, colors), `  ${totals(model)}\n`);
  }
  if (calls.length > 0) {
    const rows = calls.flatMap((call) =>
      flowsOf(call).map((flow, i) => [
        i === 0 ? where(call.at) : '',
        i === 0 ? call.api : '',
        showFlow(flow.inputShapes, outputsOf(flow)),
        i === 0 ? colors.dim(call.reason?.text ?? '') : '',
      ]),
    );
    parts.push('\n', table(['at', 'call', 'shapes', ''], rows, colors));
  }
  return `${parts.join('')}\n`;
}

function totals({ params }: ModelSummary): string {
  const show = (count: number | null) => (count === null ? '?' : showCount(count));
  return `${show(params.total)} parameters: ${show(params.trainable)} trainable, ${show(params.nonTrainable)} not`;
}

import type {
  CallFlow,
  CallSummary,
  FileAnalysis,
  LayerSummary,
  ModelSummary,
  ShapeSummary,
} from '../analyzer/analysis';
import type { Finding } from '../analyzer/rules/rule';
import { type Dim, isPoly, showDim } from '../analyzer/shapes/dim';
import type { Place } from '../analyzer/trace/facts';
import { coverageOf } from '../present/coverage';
import { listShapes, type ShapeOrShapes } from '../present/shapes';
import type {
  JsonCall,
  JsonDim,
  JsonFinding,
  JsonFlow,
  JsonLayer,
  JsonModel,
  JsonPosition,
  JsonRange,
  JsonShape,
  ShapesReport,
} from './contract';
import type { Workspace } from './workspace';

/** The analyzer's results in the words of the contract. */
export function shapesReport(analyses: readonly FileAnalysis[], workspace: Workspace): ShapesReport {
  return {
    version: 1,
    models: analyses.flatMap((analysis) => analysis.models.map((model) => jsonModel(model, workspace))),
    calls: analyses.flatMap((analysis) => analysis.calls.map((call) => jsonCall(call, workspace))),
    coverage: coverageOf(analyses.flatMap(({ calls }) => calls)),
  };
}

export function jsonFinding(finding: Finding, workspace: Workspace): JsonFinding {
  const located = ({ at }: { readonly at: Place }) => ({
    file: workspace.display(at.file),
    range: rangeOf(at, workspace),
  });
  return {
    ruleId: finding.ruleId,
    ruleName: finding.ruleName,
    severity: finding.severity,
    ...located(finding),
    message: finding.message,
    advice: finding.advice,
    facts: finding.facts,
    related: finding.related.map((related) => ({ ...located(related), message: related.message })),
    fixes: finding.fixes.map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ ...located(edit), text: edit.text })),
    })),
  };
}

function jsonModel(model: ModelSummary, workspace: Workspace): JsonModel {
  return {
    name: model.name,
    kind: model.kind,
    file: workspace.display(model.at.file),
    range: rangeOf(model.at, workspace),
    inputs: model.inputs.map(jsonShape),
    outputs: model.outputs.map(jsonShape),
    layers: model.layers.map((layer) => jsonLayer(layer, workspace)),
    params: model.params,
  };
}

function jsonLayer(layer: LayerSummary, workspace: Workspace): JsonLayer {
  return {
    name: layer.name,
    type: layer.type,
    file: workspace.display(layer.at.file),
    ...startOf(layer.at, workspace),
    inputShape: jsonShapes(layer.inputShape),
    outputShape: jsonShapes(layer.outputShape),
    params: layer.params ?? null,
  };
}

function jsonCall(call: CallSummary, workspace: Workspace): JsonCall {
  const { start, end } = rangeOf(call.at, workspace);
  return {
    file: workspace.display(call.at.file),
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    api: call.api,
    ...jsonFlow(call),
    ...(call.evaluations === undefined ? {} : { evaluations: call.evaluations.map(jsonFlow) }),
    ...(call.reason === undefined ? {} : { reason: call.reason.text }),
  };
}

function jsonFlow({ inputShapes, outputShape, outputShapes }: CallFlow): JsonFlow {
  return {
    inputShapes: inputShapes.map(jsonShape),
    outputShape: jsonShape(outputShape),
    ...(outputShapes === undefined ? {} : { outputShapes: outputShapes.map(jsonShape) }),
  };
}

function jsonShapes(shapes: ShapeOrShapes): JsonLayer['inputShape'] {
  const all = listShapes(shapes);
  return all.length === 1 && all[0] === shapes ? jsonShape(all[0]) : all.map(jsonShape);
}

export function jsonShape(shape: ShapeSummary): JsonShape {
  return shape === null ? null : shape.map(jsonDim);
}

function jsonDim(dim: Dim): JsonDim {
  return isPoly(dim) ? showDim(dim) : dim;
}

export function rangeOf(place: Place, workspace: Workspace): JsonRange {
  const lines = workspace.files.lines(place.file);
  return { start: lines.position(place.start), end: lines.position(place.end) };
}

export function startOf(place: Place, workspace: Workspace): JsonPosition {
  return rangeOf(place, workspace).start;
}

import type { FileAnalysis, LayerSummary, ModelSummary } from '../analyzer/analysis';
import type { Finding } from '../analyzer/rules/rule';
import type { Place } from '../analyzer/trace/facts';
import type { CodeFinding, CodeLayer, CodeModel, CodeModels, CodePlace } from '../shared/playground';
import { changeOfLayer } from './handOver';
import { rulePage } from './rulePage';
import { listShapes, showShapes } from './shapes';

/** How places are told to the reader. */
export interface Places {
  readonly uri: string;
  readonly name: string;
  /** From the analyzer's places to the editor's. */
  position(place: Place): CodePlace;
}

/** A file's models as the playground shows them. Findings stand at the layer that they speak of, others at the file. */
export function codeModels(analysis: FileAnalysis, places: Places): CodeModels {
  const findings = analysis.findings.filter(({ at }) => at.file === analysis.path);
  const told = new Set<Finding>();
  const models = analysis.models.map((model) => codeModel(model, findings, told, places));
  const rest = findings.filter((finding) => !told.has(finding));
  return { uri: places.uri, name: places.name, models, findings: rest.map((finding) => codeFinding(finding, places)) };
}

function codeModel(model: ModelSummary, findings: readonly Finding[], told: Set<Finding>, places: Places): CodeModel {
  const { name, kind, at, inputs, outputs, params, batchSize } = model;
  const own = ownFindings(model.layers, findings);
  for (const finding of own.keys()) told.add(finding);
  return {
    ...{ name, kind, at: places.position(at), batch: batchSize },
    inputs: showShapes(inputs),
    outputs: showShapes(outputs),
    total: params.total,
    trainable: params.trainable,
    layers: model.layers.map((layer): CodeLayer => {
      const change = changeOfLayer(layer);
      return {
        ...{ name: layer.name, type: layer.type, at: places.position(layer.at), params: layer.params ?? null },
        input: showShapes(listShapes(layer.inputShape)),
        output: showShapes(listShapes(layer.outputShape)),
        change: change && (batchSize === undefined ? change : { ...change, batch: batchSize }),
        findings: [...own].flatMap(([finding, layers]) =>
          layers.includes(layer) ? [codeFinding(finding, places)] : [],
        ),
      };
    }),
  };
}

/** The layers of the innermost place around each finding: a loop makes several at one place. */
function ownFindings(
  layers: readonly LayerSummary[],
  findings: readonly Finding[],
): ReadonlyMap<Finding, readonly LayerSummary[]> {
  const own = new Map<Finding, readonly LayerSummary[]>();
  for (const finding of findings) {
    const around = layers.filter(({ at }) => within(finding.at, at) || within(at, finding.at));
    const tightest = Math.min(...around.map(({ at }) => at.end - at.start));
    const found = around.filter(({ at }) => at.end - at.start === tightest);
    if (found.length > 0) own.set(finding, found);
  }
  return own;
}

const within = (inner: Place, outer: Place): boolean =>
  inner.file === outer.file && outer.start <= inner.start && inner.end <= outer.end;

const codeFinding = ({ ruleId, ruleName, severity, message, at }: Finding, places: Places): CodeFinding => ({
  rule: `${ruleId} ${ruleName}`,
  ...{ severity, message, page: rulePage(ruleName), at: places.position(at) },
});

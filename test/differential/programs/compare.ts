/** What the analyzer says of a program, held against what the real tfjs did with it. */
import type { CallFlow, FileAnalysis, LayerSummary, ModelSummary, ShapeSummary } from '../../../src/analyzer/analysis';
import { isPoly } from '../../../src/analyzer/shapes/dim';
import { flowsOf, outputsOf } from '../../../src/present/shapes';
import { lineOf } from '../../tools/lineOf';
import type { RealCall, RealLayer, RealModelSummary, RealRun, RealShape } from '../../tools/runInTfjs';
import type { Program } from './generator/program';

export interface Disagreement {
  readonly kind:
    | 'shape'
    | 'params'
    | 'name'
    | 'false error'
    | 'missed fault'
    | 'unknown layer'
    | 'crash'
    | 'call shape'
    | 'unknown call';
  readonly text: string;
}

export interface Comparison {
  readonly layers: number;
  /** Name, output shape and parameter count all as the real ones. */
  readonly exact: number;
  /** Layers or calls of which the analyzer states what is false. */
  readonly wrong: number;
  /** Op calls by line and name that the real run made, and how many of those have an exact shape. */
  readonly calls: number;
  readonly exactCalls: number;
  /** undefined where the program did not throw. */
  readonly faultFound: boolean | undefined;
  /** Errors where tfjs threw none. */
  readonly falseErrors: number;
  readonly disagreements: readonly Disagreement[];
}

type Verdict = 'exact' | 'unknown' | 'wrong';

/**
 * Unknown dims and symbols claim nothing; an integer that differs is false. A null is false in a layer's shape, where tfjs
 * prints it too; in an op's, it is a batch of any size.
 */
function judgeShape(stated: ShapeSummary, real: RealShape, anyBatch = false): Verdict {
  if (stated === null) return 'unknown';
  if (stated.length !== real.length) return 'wrong';
  let verdict: Verdict = 'exact';
  for (const [i, dim] of stated.entries()) {
    if (dim === '?' || isPoly(dim) || (dim === null && anyBatch)) verdict = 'unknown';
    else if (dim !== real[i]) return 'wrong';
  }
  return verdict;
}

const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('wrong') ? 'wrong' : verdicts.includes('unknown') ? 'unknown' : 'exact';

function isList(shape: LayerSummary['outputShape']): shape is readonly ShapeSummary[] {
  return shape?.some((part) => Array.isArray(part)) ?? false;
}

function judgeLayer(stated: LayerSummary, real: RealLayer, say: (d: Disagreement) => void): Verdict {
  const shapes: readonly ShapeSummary[] = isList(stated.outputShape) ? stated.outputShape : [stated.outputShape];
  const shape =
    real.outputShapes.length === 0
      ? 'exact' // tfjs itself gives none: a layer of several nodes that disagree
      : real.outputShapes.length !== shapes.length
        ? 'wrong'
        : worst(real.outputShapes.map((r, i) => judgeShape(shapes[i] ?? null, r)));
  const show = (): string =>
    `${real.name}: said ${JSON.stringify(stated.outputShape)}, is ${JSON.stringify(real.outputShapes)}`;
  if (shape === 'wrong') say({ kind: 'shape', text: show() });
  if (shape === 'unknown') say({ kind: 'unknown layer', text: show() });
  const params =
    stated.params === undefined || typeof stated.params === 'string'
      ? 'unknown'
      : stated.params === real.params
        ? 'exact'
        : 'wrong';
  if (params === 'wrong') say({ kind: 'params', text: `${real.name}: said ${stated.params}, has ${real.params}` });
  const name = stated.name === real.name ? 'exact' : stated.name.endsWith('?') ? 'unknown' : 'wrong';
  if (name === 'wrong') say({ kind: 'name', text: `said ${stated.name}, is ${real.name}` });
  if (name === 'unknown') say({ kind: 'unknown layer', text: `said ${stated.name}, is ${real.name}` });
  return worst([shape, params, name]);
}

/**
 * Models are matched in the order in which they were made, by their line where tf was called from the program itself; where
 * more may be stated than were made, each with the best that is stated at its line.
 */
function pair(
  text: string,
  stated: readonly ModelSummary[],
  real: readonly RealModelSummary[],
  surplus: boolean,
): Map<RealModelSummary, ModelSummary> {
  const pairs = new Map<RealModelSummary, ModelSummary>();
  const left = [...stated];
  const isAtLine = (model: RealModelSummary, m: ModelSummary): boolean =>
    model.line !== undefined && lineOf(text, m.at.start) === model.line;
  const judge = (model: RealModelSummary, m: ModelSummary): Verdict =>
    worst(
      model.layers.map((layer, i) => (m.layers[i] === undefined ? 'wrong' : judgeLayer(m.layers[i], layer, () => {}))),
    );
  const match = (fits: (model: RealModelSummary, m: ModelSummary) => boolean): void => {
    for (const model of real) {
      const at = pairs.has(model) ? -1 : left.findIndex((m) => fits(model, m));
      const [found] = at < 0 ? [] : left.splice(at, 1);
      if (found !== undefined) pairs.set(model, found);
    }
  };
  if (surplus)
    for (const accepted of ['exact', 'unknown'])
      match((model, m) => isAtLine(model, m) && judge(model, m) === accepted);
  match((model, m) => (!surplus && m.name === model.name) || isAtLine(model, m));
  return pairs;
}

function judgeFlow(flow: CallFlow, call: RealCall): Verdict {
  const shapes = outputsOf(flow);
  return call.outputs.length === shapes.length
    ? worst(call.outputs.map((real, i) => judgeShape(shapes[i] ?? null, real, true)))
    : 'wrong';
}

const best = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('exact') ? 'exact' : verdicts.includes('unknown') ? 'unknown' : 'wrong';

function compareCalls(
  text: string,
  said: FileAnalysis,
  real: readonly RealCall[],
  say: (d: Disagreement) => void,
  surplus: boolean,
): { calls: number; exact: number; wrong: number } {
  const places = new Map<string, RealCall[]>();
  for (const call of real) {
    const key = `${call.line} ${call.name}`;
    places.set(key, [...(places.get(key) ?? []), call]);
  }
  const flows = new Map<string, CallFlow[]>();
  for (const call of said.calls) {
    const name = call.api.replace(/^tf\.|^tensor\./, '');
    // In a chain over several lines tfjs's caller is the line of the method, where the call mostly ends as well.
    const startKey = `${lineOf(text, call.at.start)} ${name}`;
    const key = places.has(startKey) ? startKey : `${lineOf(text, call.at.end)} ${name}`;
    if (places.has(key)) flows.set(key, [...(flows.get(key) ?? []), ...flowsOf(call)]);
  }
  const verdicts = new Map<string, Verdict>();
  for (const [key, stated] of flows) {
    const met = places.get(key) ?? [];
    // Every evaluation that is stated was made, and every one that was made is stated.
    const verdict = worst([
      ...(surplus ? [] : stated.map((flow) => best(met.map((call) => judgeFlow(flow, call))))),
      ...met.map((call) => best(stated.map((flow) => judgeFlow(flow, call)))),
    ]);
    if (verdict === 'wrong') {
      const shapes = stated.map(outputsOf);
      say({
        kind: 'call shape',
        text: `line ${key}: said ${JSON.stringify(shapes)}, is ${JSON.stringify(met.map((r) => r.outputs))}`,
      });
    }
    verdicts.set(key, verdict);
  }
  for (const [key, [call]] of places) {
    const verdict = verdicts.get(key);
    if (verdict === undefined) say({ kind: 'unknown call', text: `line ${key}: not listed` });
    if (verdict === 'unknown') say({ kind: 'unknown call', text: `line ${key}: is ${JSON.stringify(call?.outputs)}` });
  }
  const all = [...verdicts.values()];
  return {
    calls: places.size,
    exact: all.filter((v) => v === 'exact').length,
    wrong: all.filter((v) => v === 'wrong').length,
  };
}

const isShapeError = (finding: FileAnalysis['findings'][number]): boolean => finding.severity === 'error';

/**
 * Compares what the analyzer says of a program with its real run.
 * @param surplus whether evaluations may be stated that were not made: of conditions that only the run knows, it takes one
 * @param alternatives whether a model may list several layers of which it has one
 */
export function compare(
  program: Pick<Program, 'text' | 'planted'>,
  real: RealRun,
  said: FileAnalysis,
  surplus = false,
  alternatives = false,
): Comparison {
  const disagreements: Disagreement[] = [];
  const say = (d: Disagreement): void => {
    disagreements.push(d);
  };
  for (const problem of said.problems) say({ kind: 'crash', text: problem.message });
  let layers = 0;
  let exact = 0;
  let wrong = 0;
  const pairs = pair(program.text, said.models, real.models, surplus);
  for (const model of real.models) {
    const stated = pairs.get(model);
    // A model that an error left half-made is compared as far as both go.
    const half = real.error !== undefined;
    if (half && stated === undefined) continue;
    // Of a layer that is one of several all are listed; each that was made is like one of them.
    const isOneOf = alternatives && (stated?.layers.length ?? 0) > model.layers.length;
    for (const [i, layer] of model.layers.entries()) {
      layers += 1;
      const own = isOneOf
        ? stated?.layers.find((one) => judgeLayer(one, layer, () => {}) !== 'wrong')
        : stated?.layers[i];
      if (own === undefined) {
        say({ kind: 'unknown layer', text: `${model.name}: ${layer.name} is not listed` });
        continue;
      }
      const verdict = judgeLayer(own, layer, say);
      if (verdict === 'exact') exact += 1;
      if (verdict === 'wrong') wrong += 1;
    }
    if (!half && stated !== undefined) {
      if (stated.layers.length > model.layers.length && !isOneOf) {
        wrong += 1;
        say({
          kind: 'shape',
          text: `${model.name}: ${stated.layers.length} layers listed, has ${model.layers.length}`,
        });
      }
      const { total, trainable } = stated.params;
      if (
        (total !== null && total !== model.params.total) ||
        (trainable !== null && trainable !== model.params.trainable)
      ) {
        wrong += 1;
        say({
          kind: 'params',
          text: `${model.name}: said ${JSON.stringify(stated.params)}, has ${JSON.stringify(model.params)}`,
        });
      }
    }
  }
  const calls = compareCalls(program.text, said, real.calls, say, surplus);
  wrong += calls.wrong;
  const errors = said.findings.filter(isShapeError);
  const at = (finding: FileAnalysis['findings'][number]): readonly number[] => [
    lineOf(program.text, finding.at.start),
    lineOf(program.text, finding.at.end),
  ];
  if (real.error === undefined) {
    for (const finding of errors) {
      say({ kind: 'false error', text: `line ${at(finding)[0]}: ${finding.ruleId} ${finding.message}` });
    }
    return {
      layers,
      exact,
      wrong,
      calls: calls.calls,
      exactCalls: calls.exact,
      faultFound: undefined,
      falseErrors: errors.length,
      disagreements,
    };
  }
  // The line that threw; or that of the layer that threw, which may be made here and applied there; or the planted one.
  const due = [real.error.line, real.error.layerLine, program.planted].filter((line) => line !== undefined);
  const faultFound = errors.some((finding) => {
    const [from = 0, to = 0] = at(finding);
    // Mostly NL0xx; where a rule knows more of why it throws (NL111 of a broadcast), that one speaks.
    return due.some((line) => line >= from && line <= to);
  });
  if (!faultFound) {
    const found = errors.map((finding) => `${at(finding)[0]} ${finding.ruleId}`).join(', ');
    say({
      kind: 'missed fault',
      text: `line ${due.join(' or ')}: ${real.error.message.slice(0, 160)}; found: ${found || 'nothing'}`,
    });
  }
  return {
    layers,
    exact,
    wrong,
    calls: calls.calls,
    exactCalls: calls.exact,
    faultFound,
    falseErrors: 0,
    disagreements,
  };
}

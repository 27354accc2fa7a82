import type { AnalysisOptions, Analyzer, FileAnalysis, Files } from './analysis';
import { explainAt, explainBetween } from './explain/explain';
import { apart, Failures, type OnFailure, startOfFile } from './failures';
import { parse } from './frontend';
import { type Assumptions, assumedPlace } from './interpreter/assumptions';
import type { Interpreter } from './interpreter/interpreter';
import { type RunOptions, run } from './interpreter/run';
import { tfjs } from './libraries/tfjs';
import { Names } from './libraries/tfjs/layers';
import { executeWaiting, stateOf } from './libraries/tfjs/state';
import type { ProgramFile } from './program/nodes';
import { judge } from './rules/judge';
import type { Finding } from './rules/rule';
import { suppress, suppressWith, unusedSuppression } from './rules/suppressions';
import { callsIn, factsAround, modelsIn } from './summary';
import type { Fact } from './trace/facts';
import { Trace } from './trace/trace';
import { analyzeGroups, componentsOf } from './workspace/components';
import { Relevance } from './workspace/relevance';
import { Sources } from './workspace/sources';

/** Importers that are evaluated along with a file, so that what they call is not taken for uncalled. */
const MAX_IMPORTERS = 16;

/** An analyzer over the files that `files` can read. Texts are read when they are needed and kept until `change`. */
export function createAnalyzer(files: Files, options: AnalysisOptions = {}): Analyzer {
  const sources = new Sources(files);
  const evaluate = (paths: readonly string[], more: Pick<RunOptions, 'observer' | 'onFailure'>): Interpreter =>
    run(sources, tfjs, paths, {
      ...options.budget,
      ...asInTfjs(options.assumptions),
      onSettle: executeWaiting,
      assumptions: options.assumptions,
      ...more,
    });
  /** For second looks: the analysis has told of the errors. */
  const untold = options.tolerant ? () => undefined : undefined;
  const withImporters = (path: string): readonly string[] => [
    path,
    ...sources.importersOf(path).slice(0, MAX_IMPORTERS),
  ];
  const relevance = new Relevance(sources);
  /** One run over `paths`, and what it says of those that are wanted. */
  const analyzeTogether = (
    paths: readonly string[],
    wanted: readonly string[],
  ): { readonly analyses: readonly FileAnalysis[]; readonly loaded: readonly string[] } => {
    const failures = new Failures();
    const onFailure = options.tolerant ? failures.add : undefined;
    const interpreter = evaluate(
      paths.filter((path) => relevance.isRelevant(path)),
      { onFailure },
    );
    const findings = findingsOf(interpreter, sources, paths[0] ?? '', options, onFailure);
    const facts = groupBy(interpreter.facts, (fact) => fact.at.file);
    const found = groupBy(findings, (finding) => finding.at.file);
    const analysisOf = (path: string): FileAnalysis => {
      const sum = () => fileAnalysis(interpreter, path, facts.get(path) ?? [], found.get(path) ?? [], options);
      const analysis = apart(sum, emptyAnalysis(path), onFailure && ((error) => onFailure(error, startOfFile(path))));
      const failed = failures.of(path);
      return failed.length === 0 ? analysis : { ...analysis, failures: failed };
    };
    return { analyses: wanted.map(analysisOf), loaded: [...interpreter.modules.records.keys()] };
  };
  const analyzeAll = (paths: readonly string[], loaded?: Set<string>): readonly FileAnalysis[] => {
    const groups = componentsOf(paths, sources);
    const analyses = new Map<string, FileAnalysis>();
    analyzeGroups(groups, (group) => {
      const run = analyzeTogether(group, group);
      for (const analysis of run.analyses) analyses.set(analysis.path, analysis);
      for (const path of run.loaded) loaded?.add(path);
      // Groups have nothing to tell each other.
      sources.release(run.loaded);
      return run.loaded;
    });
    return paths.flatMap((path) => analyses.get(path) ?? []);
  };
  return {
    change(path) {
      sources.forget(path);
      relevance.forget();
    },
    analyze(path) {
      const [analysis] = analyzeTogether(withImporters(path), [path]).analyses;
      return analysis ?? emptyAnalysis(path);
    },
    analyzeAll,
    explain(path, offset) {
      const program = sources.program(path);
      if (program === undefined) return undefined;
      return explainAt(program, offset, (observer) => evaluate(withImporters(path), { observer, onFailure: untold }));
    },
    explainBetween(path, start, end) {
      const program = sources.program(path);
      if (program === undefined) return [];
      return explainBetween(program, start, end, (observer) =>
        evaluate(withImporters(path), { observer, onFailure: untold }),
      );
    },
    suppression(finding) {
      const { file } = finding.at;
      return suppressWith(sources.text(file) ?? '', finding, (text) => parse(file, text).comments);
    },
  };
}

/**
 * tfjs counts names from the start of a program: each entry file is one, and so is each function that nobody calls. The
 * backend that is assumed is in use from the start, too.
 */
function asInTfjs(assumptions: Assumptions = {}): Pick<RunOptions, 'onEntry' | 'onLoaded' | 'onVisit'> {
  const loaded = new Map<string, Names>();
  let backend = assumptions.backend;
  return {
    onEntry: (interpreter, path) => {
      if (backend !== undefined) interpreter.record({ kind: 'backend', at: assumedPlace(path), name: backend });
      backend = undefined;
      stateOf(interpreter).names = new Names();
    },
    onLoaded: (interpreter, path) => loaded.set(path, stateOf(interpreter).names.copy()),
    onVisit: (interpreter, path) => {
      stateOf(interpreter).names = loaded.get(path)?.copy() ?? new Names();
    },
  };
}

function emptyAnalysis(path: string): FileAnalysis {
  return { path, findings: [], suppressed: [], models: [], calls: [], reasons: [], problems: [] };
}

/** @param entry where a rule that fails is told of */
function findingsOf(
  interpreter: Interpreter,
  sources: Sources,
  entry: string,
  { severities }: AnalysisOptions,
  onFailure: OnFailure | undefined,
): readonly Finding[] {
  const texts = new Map<string, string>();
  for (const path of interpreter.modules.records.keys()) texts.set(path, sources.text(path) ?? '');
  const failed = onFailure && ((error: unknown) => onFailure(error, startOfFile(entry)));
  return judge([new Trace(interpreter.facts, texts)], severities, undefined, failed);
}

function groupBy<T>(all: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of all) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** What concerns one file: `facts` and `own` are those of its places. */
function fileAnalysis(
  interpreter: Interpreter,
  path: string,
  facts: readonly Fact[],
  own: readonly Finding[],
  { severities, assumptions, summaries }: AnalysisOptions,
): FileAnalysis {
  const program = interpreter.modules.records.get(path)?.program;
  const severity = severities?.[unusedSuppression.id] ?? severities?.[unusedSuppression.name];
  const readable = program === undefined ? own : own.filter((finding) => !isHalfTyped(finding, program));
  const judged =
    program === undefined ? { kept: own, suppressed: [], unused: [] } : suppress(program, readable, severity);
  const findings = [...judged.kept, ...judged.unused];
  const told = summaries === 'findings' ? factsAround(facts, findings) : facts;
  return {
    path,
    findings,
    suppressed: judged.suppressed,
    models: modelsIn(interpreter, told),
    calls: callsIn(told),
    reasons: facts.flatMap((f) => (f.kind === 'stop' ? [f.reason] : [])),
    problems: (program?.problems ?? []).map(({ start, end, message }) => ({ at: { file: path, start, end }, message })),
    ...idleOf(interpreter, path, assumptions),
  };
}

/** Assumptions about a file that was evaluated, which nothing in it took. */
function idleOf(
  { taken, modules }: Interpreter,
  path: string,
  { parameters = [] }: Assumptions = {},
): Pick<FileAnalysis, 'idle'> {
  const idle = parameters.filter((assumed) => assumed.file === path && !taken.has(assumed));
  return idle.length > 0 && modules.records.has(path) ? { idle } : {};
}

/** Code that could not be read is likely being typed: what seems wrong there may be right a moment later. */
function isHalfTyped({ at }: Finding, { problems }: ProgramFile): boolean {
  return problems.some(({ start, end }) => start <= at.end + 1 && end >= at.start - 1);
}

export type {
  AnalysisOptions,
  Analyzer,
  ExplainedStep,
  ExplainedValue,
  Explanation,
  Failure,
  FileAnalysis,
  Files,
} from './analysis';
export { rules } from './rules';

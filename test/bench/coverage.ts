/**
 * How much of real code the analyzer follows: over the packages of test/corpus, the share of layer and norm calls whose
 * shape is known, what the rules say, and what stopped inference most often.
 *   npm run bench -- coverage [NAME…] [--findings] [--roots] [--places=WORD]
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createAnalyzer } from '../../src/analyzer';
import type { CallSummary, FileAnalysis, LayerSummary, ShapeSummary } from '../../src/analyzer/analysis';
import { isPoly } from '../../src/analyzer/shapes/dim';
import { corpus } from '../corpus/corpus';
import { lineOf } from '../tools/lineOf';
import { lostCalls, outputShapes, rootsOf } from './roots';

interface Tally {
  readonly calls: number;
  /** Every dim is an integer or null. */
  readonly exact: number;
  /** Every dim is an integer, null or a polynomial: symbolic, but not unknown. */
  readonly known: number;
  /** The number of dims is. */
  readonly rank: number;
}

const isLayer = (api: string): boolean => api.startsWith('tf.layers.');
const isNorm = (api: string): boolean => /(?:[bB]atchNorm|layerNormalization|moments|localResponseNorm)/.test(api);

/** What these give is no tensor: there is no shape to know. */
const GIVE_NO_TENSOR: ReadonlySet<string> = new Set(['tf.browser.toPixels', 'tf.browser.draw', 'tf.assign']);
const withTensors = (result: FileAnalysis): FileAnalysis => ({
  ...result,
  calls: result.calls.filter(({ api }) => !GIVE_NO_TENSOR.has(api)),
});

/** Calls are places: a place with several evaluations is known where each of them is. */
function tally(calls: readonly Pick<CallSummary, 'outputShape' | 'outputShapes' | 'evaluations'>[]): Tally {
  const shapes = calls.map(outputShapes);
  const all = (test: (dim: unknown) => boolean): number =>
    shapes.filter((outputs) => outputs.every((shape) => shape?.every(test) ?? false)).length;
  return {
    calls: calls.length,
    exact: all((dim) => dim === null || typeof dim === 'number'),
    known: all((dim) => dim === null || typeof dim === 'number' || isPoly(dim)),
    rank: all(() => true),
  };
}

function share({ calls, exact, known, rank }: Tally): string {
  const percent = (n: number): string => `${((100 * n) / calls).toFixed(0)} %`;
  return calls === 0
    ? '–'
    : `${calls}, ${percent(exact)} exact, ${percent(known)} known, ${percent(rank)} of known rank`;
}

/** Prints a paragraph a package and the sums. */
export function run(args: readonly string[] = []): void {
  const root = path.resolve('.cache/corpus');
  const names = args.filter((arg) => !arg.startsWith('--'));
  const places = args.find((arg) => arg.startsWith('--places='))?.slice('--places='.length);
  const all: FileAnalysis[] = [];
  const written: FileAnalysis[] = [];
  const texts = new Map<string, string>();
  const read = (file: string): string | undefined => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  };
  for (const one of corpus(root, names)) {
    const analyzer = createAnalyzer({ read });
    const crashes: string[] = [];
    const begin = performance.now();
    for (const file of one.files) texts.set(file, read(file) ?? '');
    let results: readonly FileAnalysis[] = [];
    try {
      results = analyzer.analyzeAll(one.files);
    } catch {
      results = oneByOne(one.files, read, root, crashes);
    }
    results = results.map(withTensors);
    const seconds = (performance.now() - begin) / 1000;
    all.push(...results);
    if (one.kind === 'source') written.push(...results);
    const left = [
      ...(one.skipped.huge > 0 ? [`${one.skipped.huge} over 1 MB`] : []),
      ...(one.skipped.minified > 0 ? [`${one.skipped.minified} minified`] : []),
      ...(one.skipped.twins > 0 ? [`${one.skipped.twins} made of these`] : []),
    ];
    console.log(
      `\n${one.name}: ${one.files.length} files${one.kind === 'compiled' ? ' that a compiler made' : ''}, ${seconds.toFixed(1)} s${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}`,
    );
    describe(results, '  ');
    for (const crash of crashes) console.log(`  CRASH ${crash}`);
    if (args.includes('--findings')) printFindings(results, root, texts);
    if (args.includes('--roots')) printRoots(results, '  ', 12);
    if (places !== undefined) printPlaces(results, places, root, texts);
  }
  const made = all.filter((result) => !written.includes(result));
  console.log(`\nwhat people wrote: ${written.length} files`);
  describe(written, '  ', 0);
  printRoots(written, '  ', 0);
  console.log(`\nwhat a compiler made, where a package ships nothing else: ${made.length} files`);
  describe(made, '  ', 0);
  printRoots(made, '  ', 0);
  console.log(`\nall: ${all.length} files`);
  describe(all, '  ', 15);
  printRoots(all, '  ', args.includes('--roots') ? 60 : 15);
}

/** Where the whole does not go through: which files it is that do not. */
function oneByOne(
  files: readonly string[],
  read: (path: string) => string | undefined,
  root: string,
  crashes: string[],
): readonly FileAnalysis[] {
  return files.flatMap((file) => {
    try {
      return [createAnalyzer({ read }).analyze(file)];
    } catch (error) {
      const why =
        error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error);
      crashes.push(`${path.relative(root, file)}: ${why}`);
      return [];
    }
  });
}

function describe(results: readonly FileAnalysis[], margin: string, reasonsShown = 5): void {
  const calls = results.flatMap((result) => result.calls);
  const models = results.flatMap((result) => result.models);
  console.log(`${margin}layer calls: ${share(tally(calls.filter((call) => isLayer(call.api))))}`);
  console.log(`${margin}norm calls: ${share(tally(calls.filter((call) => isNorm(call.api))))}`);
  console.log(
    `${margin}other op calls: ${share(tally(calls.filter((call) => !isLayer(call.api) && !isNorm(call.api))))}`,
  );
  const layers = models.flatMap((model) => model.layers.map((layer) => outputsOf(layer.outputShape)));
  console.log(`${margin}layers of ${models.length} models: ${share(tally(layers))}`);
  const findings = count(results.flatMap((result) => result.findings.map((f) => `${f.ruleId} ${f.severity}`)));
  console.log(`${margin}findings: ${findings.map(([rule, n]) => `${rule} × ${n}`).join(', ') || 'none'}`);
  const reasons = count(results.flatMap((result) => result.reasons.map((reason) => `${reason.code}: ${reason.text}`)));
  for (const [reason, n] of reasons.slice(0, reasonsShown)) console.log(`${margin}stopped ${n} ×  ${reason}`);
}

function outputsOf(shape: LayerSummary['outputShape']): Pick<CallSummary, 'outputShape' | 'outputShapes'> {
  const many = shape?.some((part) => Array.isArray(part)) ?? false;
  return many
    ? { outputShape: null, outputShapes: shape as readonly ShapeSummary[] }
    : { outputShape: shape as ShapeSummary };
}

function count(words: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function printFindings(results: readonly FileAnalysis[], root: string, texts: ReadonlyMap<string, string>): void {
  for (const finding of results.flatMap((result) => result.findings)) {
    const text = texts.get(finding.at.file) ?? '';
    const line = lineOf(text, finding.at.start);
    console.log(
      `  ${finding.severity} ${finding.ruleId} ${path.relative(root, finding.at.file)}:${line} ${finding.message}`,
    );
    console.log(`      ${text.split('\n')[line - 1]?.trim().slice(0, 160)}`);
  }
}

/** Why the calls whose shape is not known are not: for each root reason, how many of them it costs. */
function printRoots(results: readonly FileAnalysis[], margin: string, shown: number): void {
  const lost = results.flatMap(lostCalls);
  if (lost.length === 0) return;
  const given = lost.filter((call) => call.runtime).length;
  const all = results.reduce((sum, { calls }) => sum + calls.length, 0);
  const share = ((100 * (all - lost.length)) / (all - given)).toFixed(0);
  console.log(
    `${margin}of ${all} calls ${lost.length} are of shapes not known, ${given} for what only callers out of view or the run know; known of the others: ${share} %`,
  );
  if (shown === 0) return;
  for (const { kind, text, calls, sample } of rootsOf(lost).slice(0, shown))
    console.log(`${margin}lost ${calls} ×  ${kind}: ${text}${sample === undefined ? '' : ` (${sample})`}`);
}

/** The places that a root costs whose words contain `word`. */
function printPlaces(
  results: readonly FileAnalysis[],
  word: string,
  root: string,
  texts: ReadonlyMap<string, string>,
): void {
  const tell = ({ file, start }: { readonly file: string; readonly start: number }): string => {
    const text = texts.get(file) ?? '';
    const line = lineOf(text, start);
    return `${path.relative(root, file)}:${line}  ${text.split('\n')[line - 1]?.trim().slice(0, 140)}`;
  };
  for (const lost of results.flatMap(lostCalls)) {
    if (!`${lost.kind}: ${lost.text}`.includes(word)) continue;
    console.log(`    ${lost.api} ${JSON.stringify(lost.shape)} ${tell(lost.at)}`);
    if (lost.root !== undefined) console.log(`        ${lost.root.text} ← ${tell(lost.root.at)}`);
  }
}

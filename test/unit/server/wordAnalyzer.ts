import type { AnalysisOptions, Analyzer, CallSummary, FileAnalysis, Files } from '../../../src/analyzer/analysis';
import type { Finding, Fix, Severity } from '../../../src/analyzer/rules/rule';
import { suppressWith } from '../../../src/analyzer/rules/suppressions';

/**
 * An analyzer for tests of the server: each word `BAD` is a finding with a safe fix (`GOOD`) and one that is not
 * (`OTHER`); each `f[…]` is a call of that shape; `import NAME` takes in the findings of that file; `CRASH` is a bug of its own, and `FAIL`
 * one that costs a part of the file. It keeps what it has read until it is told of a change, as the real one does.
 */
export class WordAnalyzer implements Analyzer {
  readonly options: AnalysisOptions;
  readonly #files: Files;
  readonly #texts = new Map<string, string>();

  constructor(files: Files, options: AnalysisOptions) {
    this.#files = files;
    this.options = options;
  }

  change(path: string): void {
    this.#texts.delete(path);
  }

  analyze(path: string): FileAnalysis {
    const text = this.#read(path);
    if (text.includes('CRASH')) throw new Error('the analyzer has a bug');
    const folder = path.slice(0, path.lastIndexOf('/'));
    const imports = [...text.matchAll(/import (\S+)/g)].map(([, name = '']) => `${folder}/${name}`);
    const imported = imports.flatMap((file) => this.analyze(file).findings);
    const own = [...text.matchAll(/BAD/g)].flatMap(({ index }) => this.#finding(path, index));
    return {
      path,
      findings: [...own, ...imported],
      suppressed: [],
      models: [],
      calls: calls(path, text),
      reasons: [],
      problems: [],
      ...(text.includes('FAIL')
        ? { failures: [{ at: { file: path, start: 0, end: 0 }, error: 'a part failed' }] }
        : {}),
    };
  }

  analyzeAll(paths: readonly string[]): readonly FileAnalysis[] {
    return paths.map((path) => this.analyze(path));
  }

  explain(): undefined {
    return undefined;
  }

  explainBetween(): readonly [] {
    return [];
  }

  suppression(finding: Finding): Fix {
    return suppressWith(this.#read(finding.at.file), finding, () => []);
  }

  #read(path: string): string {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const text = this.#files.read(path);
    if (text !== undefined) this.#texts.set(path, text);
    return text ?? '';
  }

  #finding(file: string, start: number): Finding[] {
    const severity: Severity | 'off' = this.options.severities?.NL101 ?? 'error';
    if (severity === 'off') return [];
    const at = { file, start, end: start + 'BAD'.length };
    return [
      {
        ruleId: 'NL101',
        ruleName: 'bn-axis-not-last',
        severity,
        at,
        message: 'this is bad',
        advice: 'make `[it]` good_and *fine*',
        facts: { axis: 1 },
        related: [{ at: { file, start: 0, end: 1 }, message: 'since here' }],
        fixes: [
          { title: 'Make it good', safe: true, edits: [{ at, text: 'GOOD' }] },
          { title: 'Make it another', safe: false, edits: [{ at, text: 'OTHER' }] },
        ],
      },
    ];
  }
}

function calls(file: string, text: string): CallSummary[] {
  return [...text.matchAll(/f\[(.*?)\]/g)].map((match) => {
    const [whole, dims = ''] = match;
    const at = { file, start: match.index, end: match.index + whole.length };
    if (dims === '?') {
      const reason = { code: 'external', at, text: '`load` is not in the workspace' } as const;
      return { at, api: 'tf.f', inputShapes: [], outputShape: null, reason };
    }
    return { at, api: 'tf.f', inputShapes: [[2, 3]], outputShape: dims.split(',').map(Number) };
  });
}

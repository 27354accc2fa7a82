import type { Analyzer, FileAnalysis, Files } from '../../../src/analyzer/analysis';
import type { Finding, Severity } from '../../../src/analyzer/rules/rule';

/** What a finding is in these tests, in one line: which words of the file, and how bad. */
export interface Planted {
  readonly words: string;
  readonly severity: Severity;
}

/** An analyzer that finds every planted word: commands and reporters are tested without shapes and rules. */
/** @param failing words that make the analyzer itself fail where a file holds them */
export function fakeAnalyzer(planted: readonly Planted[], failing?: string): (files: Files) => Analyzer {
  return (files) => {
    const analyze = (path: string): FileAnalysis => {
      const text = files.read(path) ?? '';
      const findings = planted.flatMap(({ words, severity }) => {
        const start = text.indexOf(words);
        return start < 0 ? [] : [finding(path, start, start + words.length, severity)];
      });
      const analysis = { path, findings, suppressed: [], models: [], calls: [], reasons: [], problems: [] };
      const start = failing === undefined ? -1 : text.indexOf(failing);
      if (start < 0) return analysis;
      const at = { file: path, start, end: start + 1 };
      return { ...analysis, failures: [{ at, error: 'TypeError: planted\n    at nowhere' }] };
    };
    return {
      change: () => {},
      analyze,
      analyzeAll: (paths) => paths.map(analyze),
      explain: () => undefined,
      explainBetween: () => [],
      suppression: () => ({ title: '', safe: true, edits: [] }),
    };
  };
}

function finding(file: string, start: number, end: number, severity: Severity): Finding {
  const at = { file, start, end };
  return {
    ruleId: 'NL101',
    ruleName: 'bn-axis-not-last',
    severity,
    at,
    message: 'batchNormalization keeps axis 1 of rank 4: 26, not the 8 channels.',
    advice: 'The axis option names the axis that keeps its own mean and variance.',
    facts: { axis: 1, rank: 4 },
    related: [{ at: { file, start: 0, end: 1 }, message: 'the input comes from here' }],
    fixes: [{ title: 'Use axis -1', safe: true, edits: [{ at, text: 'axis: -1' }] }],
  };
}

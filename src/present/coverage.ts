import type { CallSummary } from '../analyzer/analysis';
import { flowsOf, outputsOf } from './shapes';

/** How much is known of the calls of layers and ops. */
export interface Coverage {
  readonly calls: number;
  /** Every size of every output is known, in each evaluation: a number, null as tfjs prints it, or an expression in names. */
  readonly known: number;
  /** Every rank is known, and some size is not. */
  readonly partly: number;
  /** The rank of some output is not known. */
  readonly unknown: number;
  /** What most often stood in the way, most frequent first. */
  readonly reasons: readonly { readonly text: string; readonly calls: number }[];
}

const MAX_REASONS = 5;

export function coverageOf(calls: readonly CallSummary[]): Coverage {
  let known = 0;
  let unknown = 0;
  const reasons = new Map<string, number>();
  for (const call of calls) {
    const outputs = flowsOf(call).flatMap(outputsOf);
    if (outputs.some((shape) => shape === null)) unknown += 1;
    else if (outputs.every((shape) => shape?.every((dim) => dim !== '?'))) {
      known += 1;
      continue;
    }
    if (call.reason !== undefined) reasons.set(call.reason.text, (reasons.get(call.reason.text) ?? 0) + 1);
  }
  const frequent = [...reasons].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_REASONS);
  return {
    calls: calls.length,
    known,
    partly: calls.length - known - unknown,
    unknown,
    reasons: frequent.map(([text, count]) => ({ text, calls: count })),
  };
}

/** One line, and one more for each reason. */
export function tellCoverage({ calls, known, partly, unknown, reasons }: Coverage): string {
  const line = `${calls} ${calls === 1 ? 'call' : 'calls'}: ${known} known, ${partly} partly, ${unknown} unknown`;
  return [line, ...reasons.map((reason) => `  ${reason.calls} × ${reason.text}`)].join('\n');
}

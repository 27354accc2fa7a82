/**
 * Why a call's shape is not known. A tensor carries the reason of the first unknown on the way to it, so the reason of a call
 * is its root: what stopped inference there costs every call that depends on it.
 */
import type { CallSummary, FileAnalysis } from '../../src/analyzer/analysis';
import { isPoly } from '../../src/analyzer/shapes/dim';
import type { ReasonFact } from '../../src/analyzer/trace/facts';

export interface LostCall {
  readonly at: CallSummary['at'];
  readonly api: string;
  readonly shape: CallSummary['outputShape'];
  /** Whose fault: `parameter`, `runtime-data` … as reasons have it, `varies` for several evaluations that differ. */
  readonly kind: string;
  /** The reason, without names of one program. */
  readonly text: string;
  /** True where no analysis could know it: what callers give that are out of view, what is read while the program runs. */
  readonly runtime: boolean;
  readonly root: ReasonFact | undefined;
}

/** The shapes that a place gives, those of all its evaluations that differ. */
export function outputShapes(
  call: Pick<CallSummary, 'outputShape' | 'outputShapes' | 'evaluations'>,
): readonly CallSummary['outputShape'][] {
  const flows = call.evaluations ?? [call];
  return flows.flatMap((flow) => flow.outputShapes ?? [flow.outputShape]);
}

const isKnown = (call: CallSummary): boolean =>
  outputShapes(call).every(
    (shape) => shape?.every((dim) => dim === null || typeof dim === 'number' || isPoly(dim)) ?? false,
  );

/** The calls of a file whose shapes are not known, each with its root. */
export function lostCalls(result: FileAnalysis): readonly LostCall[] {
  return result.calls.filter((call) => !isKnown(call)).map(lostCall);
}

function lostCall(call: CallSummary): LostCall {
  const { at, api, outputShape: shape, reason: root } = call;
  const common = { at, api, shape, root };
  if (root === undefined) {
    const inputsKnown = call.inputShapes.length > 0 && call.inputShapes.every((s) => s !== null && !s.includes('?'));
    const text = inputsKnown
      ? `the op itself gives it at run time, or evaluations differ: ${api}`
      : `evaluations differ`;
    return { ...common, kind: 'varies', text, runtime: false };
  }
  const text = root.text
    .replace(/^.* (of .*) is given by nobody in view$/, 'an argument is given by nobody in view')
    .replace(/^.* is known by its type only$/, 'a value is known by its type only')
    .replace(/^'.*' is not in the workspace$/, 'an import is not in the workspace')
    .replace(/^recursion of .* is followed/, 'recursion of a function is followed')
    .replace(/^\S+ gave nothing known \d+ times/, 'a function gave nothing known some times')
    .replace(/^\S+ is defined nowhere in view/, 'a name is defined nowhere in view')
    .replace(/^\.\S+ is read from/, '.x is read from')
    .replace(/^tf\.\S+ gives a size/, 'an op gives a size');
  return { ...common, kind: root.code, text, runtime: RUNTIME.has(root.code) };
}

const RUNTIME: ReadonlySet<string> = new Set(['parameter', 'runtime-data', 'external']);

/** The roots by how many calls each costs, with one example of a text that stands for several. */
export function rootsOf(
  lost: readonly LostCall[],
): readonly { readonly kind: string; readonly text: string; readonly calls: number; readonly sample?: string }[] {
  const groups = new Map<string, LostCall[]>();
  for (const call of lost) {
    const key = `${call.kind}: ${call.text}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [call]);
    else group.push(call);
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((group) => {
      const [first] = group as [LostCall];
      const sample = first.root?.text;
      const { kind, text } = first;
      return { kind, text, calls: group.length, ...(sample === undefined || sample === text ? {} : { sample }) };
    });
}

import { type Axis, axisIndex, showShape } from '../shapes/shape';
import type { OpFact, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { setArgument } from './edits';
import { listArgument, operands, opOf } from './provenance';
import type { Fix, Rule } from './rule';

type Kind = 'batch' | 'layer' | 'instance' | 'group';

const NAMES: Readonly<Record<Kind, RegExp>> = {
  batch: /batch_?norm/i,
  layer: /layer_?norm/i,
  instance: /instance_?norm/i,
  group: /group_?norm/i,
};

const EXPECTED: Readonly<Record<Kind, (rank: number) => string>> = {
  batch: (rank) => `all but the channels, [${[...Array(rank - 1).keys()].join(', ')}]`,
  layer: (rank) => `the last axis, [${rank - 1}]`,
  instance: (rank) =>
    rank < 3 ? 'spatial axes' : `the spatial axes, [${[...Array(rank - 2).keys()].map((i) => i + 1).join(', ')}]`,
  group: () => 'all but the batch and the groups',
};

export const momentsWrongAxes: Rule = {
  id: 'NL112',
  name: 'moments-wrong-axes',
  severity: 'warning',
  summary: 'A hand-written norm takes its moments over other axes than its name says',
  check(trace, report) {
    for (const op of trace.of('op')) {
      if (op.name !== 'moments') continue;
      const kind = kindOf(op);
      const [x] = operands(op);
      const shape = x?.shape ?? null;
      // Unbatched images have rank 3: there [0, 1] of a “batch norm” is an instance norm, and meant so.
      if (
        kind === undefined ||
        shape === null ||
        (shape.length < 4 && op.activation?.role !== 'call') ||
        shape.length < 2
      )
        continue;
      const axes = axesOf(op, shape.length);
      if (axes === undefined || fits(kind, axes, shape) || isRegrouped(x)) continue;
      const list = `[${axes.join(', ')}]`;
      report({
        at: op.at,
        about: op,
        message: `${kind === 'instance' ? 'An' : 'A'} ${kind} norm of ${showShape(shape)} takes its moments over ${EXPECTED[kind](shape.length)}, not ${list}`,
        advice: `What a norm shares a mean and a variance over is what it is: batch norm all but the channel axis, layer norm the features of one sample, instance norm the positions of one channel of one sample, group norm the positions and channels of one group. Over ${list} this is ${whatItIs(axes, shape.length)}.`,
        facts: { axes: list, rank: shape.length, kind },
        fixes: rightAxes(trace, op, kind, shape),
      });
    }
  },
};

/** Samples and channels or groups laid on one axis, `x.reshape([batch * groups, -1])`: axis 0 is no batch any more. */
function isRegrouped(x: TensorFact | undefined): boolean {
  let at = x;
  for (let op = opOf(at); op !== undefined && MOVES.has(op.name); op = opOf(at)) {
    const [source] = operands(op);
    if (op.name !== 'transpose' && source?.shape?.[0]?.id !== at?.shape?.[0]?.id) return true;
    at = source;
  }
  return false;
}

const MOVES = new Set(['reshape', 'transpose', 'as1D', 'as2D', 'as3D', 'as4D', 'cast', 'toFloat']);

/** The one kind that the name of the function or class says; undefined where it says none or several. */
function kindOf(op: OpFact): Kind | undefined {
  const name = `${op.activation?.owner ?? ''} ${op.activation?.name ?? ''}`;
  const kinds = (Object.keys(NAMES) as Kind[]).filter((kind) => NAMES[kind].test(name));
  return kinds.length === 1 ? kinds[0] : undefined;
}

function axesOf(op: OpFact, rank: number): readonly number[] | undefined {
  const given = op.args.get('axis')?.value;
  if (given === undefined || given === null) return [...Array(rank).keys()];
  const axes = listArgument(op, 'axis')?.map((a) => axisIndex(a, rank));
  return axes?.every((a) => a !== undefined) ? [...axes].sort((a, b) => a - b) : undefined;
}

function fits(kind: Kind, axes: readonly number[], shape: readonly Axis[]): boolean {
  const rank = shape.length;
  const kept = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const channel = shape.findIndex((axis) => axis.role === 'channel');
  const isChannel = (i: number | undefined): boolean =>
    channel >= 0 ? i === channel : i === rank - 1 || (i === 1 && rank === 4);
  if (kind === 'batch') return kept.length === 1 && isChannel(kept[0]);
  if (kind === 'instance') return kept.length === 2 && kept[0] === 0 && isChannel(kept[1]);
  if (kind === 'layer') return !axes.includes(0) && axes.includes(rank - 1);
  return !axes.includes(0) && kept.length >= 2;
}

function whatItIs(axes: readonly number[], rank: number): string {
  if (axes.length === rank) return 'one mean for the whole tensor, batch included';
  if (axes.length === rank - 1 && !axes.includes(rank - 1)) return 'batch norm';
  if (axes.length === 1 && axes[0] === rank - 1) return 'layer norm over the last axis';
  if (!axes.includes(0) && axes.length === rank - 1) return 'layer norm over all of a sample';
  if (!axes.includes(0) && !axes.includes(rank - 1) && axes.length === rank - 2) return 'instance norm';
  return axes.includes(0) ? 'a mean over the batch that is neither' : 'none of them';
}

/** The axes that the name asks for; for group norm only after the usual reshape to [B, H, W, G, C/G]. */
function rightAxes(trace: Trace, op: OpFact, kind: Kind, shape: readonly Axis[]): readonly Fix[] {
  const rank = shape.length;
  const channel = shape.findIndex((axis) => axis.role === 'channel');
  const kept = channel >= 0 ? channel : rank - 1;
  const all = [...Array(rank).keys()];
  const wanted: Readonly<Record<Kind, readonly number[]>> = {
    batch: all.filter((i) => i !== kept),
    layer: [-1],
    instance: all.filter((i) => i > 0 && i !== kept),
    group: rank === 5 ? [1, 2, 4] : [],
  };
  const axes = wanted[kind];
  const edit = axes.length === 0 ? undefined : setArgument(trace, op, 'axis', `[${axes.join(', ')}]`, 1);
  return edit === undefined
    ? []
    : [{ title: `Reduce [${axes.join(', ')}] (the result changes)`, safe: false, edits: [edit] }];
}

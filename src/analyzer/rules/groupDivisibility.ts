import type { LayerCallFact, LayerFact, OpFact, OptionValue } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace, setOption } from './edits';
import { nearestDivisors } from './formulas';
import { isDefault, numberOption } from './layers';
import type { Fix, Rule } from './rule';
import { either, placeKey, short } from './words';

const GROUP_KEYS = ['groups', 'numGroups', 'num_groups', 'nGroups', 'G'];

export const groupDivisibility: Rule = {
  id: 'NL110',
  name: 'group-divisibility',
  severity: 'error',
  summary: 'Group normalization with a number of groups that does not divide the channels',
  check(trace, report) {
    for (const op of trace.of('op')) {
      const found = op.name === 'reshape' ? groupedReshape(op) : undefined;
      if (found !== undefined)
        report({
          at: op.at,
          about: op,
          ...words(found.channels, found.groups),
          fixes: literalGroups(trace, op, found),
        });
    }
    for (const call of trace.of('layerCall')) {
      const found = groupLayer(call);
      if (found !== undefined && !adapts(trace, call.layer, found))
        report({
          at: call.layer.at,
          about: call.layer,
          ...words(found.channels, found.groups),
          fixes: otherGroups(trace, call.layer, found),
        });
    }
  },
};

interface Grouping {
  readonly channels: number;
  readonly groups: number;
}

function words(channels: number, groups: number) {
  const better = nearestDivisors(channels, groups);
  return {
    message:
      groups <= 0 || groups > channels
        ? `${short(groups)} groups of ${channels} channels: the number of groups must be between 1 and ${channels}`
        : `${channels} channels do not divide into ${short(groups)} groups: ${channels} / ${short(groups)} = ${short(channels / groups)}`,
    advice: `Group normalization splits the channels into groups of C/G, so C must be divisible by G. Otherwise the reshape to [batch, …, G, C/G] fails, or, where C/G is left a fraction, TensorFlow.js makes an axis of that length and reads values at the wrong places. For C = ${channels} take ${either(better)} groups (1 is layer norm over space and channels, ${channels} is instance norm).`,
    facts: { channels, groups, nearest: better.join(', ') },
  };
}

/** `x.reshape([b, h, w, G, C / G])`, also with Math.floor(C / G). */
function groupedReshape(op: OpFact): Grouping | undefined {
  const x = [...op.operands.values()][0]?.shape;
  const value = op.args.get('shape')?.value;
  const channels = x?.at(-1)?.dim;
  if (x === null || x === undefined || typeof channels !== 'number' || !Array.isArray(value)) return undefined;
  const target = value as readonly OptionValue[];
  if (target.length !== x.length + 1 || target.includes(-1)) return undefined;
  const [groups, size] = target.slice(-2);
  if (typeof groups !== 'number' || typeof size !== 'number' || !Number.isInteger(groups) || groups < 1)
    return undefined;
  if (channels % groups === 0) return undefined;
  const kept = x.slice(0, -1).every((axis, i) => typeof axis.dim !== 'number' || axis.dim === target[i]);
  const fraction = Math.abs(groups * size - channels) < 1e-6;
  return kept && (fraction || size === Math.floor(channels / groups)) ? { channels, groups } : undefined;
}

/** A layer of the user's that calls itself group norm. */
function groupLayer({ layer, inputs }: LayerCallFact): Grouping | undefined {
  if (layer.type !== 'custom' || !/group_?norm/i.test(layer.className) || !isDefault(layer, 'axis')) return undefined;
  const key = GROUP_KEYS.find((candidate) => layer.options.has(candidate));
  const groups =
    key === undefined ? layer.positional.find((v) => typeof v === 'number') : numberOption(layer, key, Number.NaN);
  const channels = inputs[0]?.shape?.at(-1)?.dim;
  if (typeof groups !== 'number' || !Number.isInteger(groups) || typeof channels !== 'number') return undefined;
  const named =
    inputs[0]?.shape?.some((axis) => axis.role === 'channel') !== true || inputs[0]?.shape?.at(-1)?.role === 'channel';
  return named && (groups < 1 || channels % groups !== 0) ? { channels, groups } : undefined;
}

/** Whether the layer's own `call` takes another number of groups than it was given, one that fits. */
function adapts(trace: Trace, layer: LayerFact, { channels, groups }: Grouping): boolean {
  return trace.of('op').some((op) => {
    if (op.name !== 'reshape' || op.activation?.owner !== layer.className) return false;
    const target = op.args.get('shape')?.value;
    if ([...op.operands.values()][0]?.shape?.at(-1)?.dim !== channels || !Array.isArray(target)) return false;
    const sizes = target as readonly OptionValue[];
    return sizes.some(
      (g) => typeof g === 'number' && g > 0 && g !== groups && channels % g === 0 && sizes.includes(channels / g),
    );
  });
}

const useGroups = (groups: number): string => `Use ${groups} group${groups === 1 ? '' : 's'} (the result changes)`;

/** The option of the user's layer, with the nearest numbers that divide the channels. */
function otherGroups(trace: Trace, layer: LayerFact, { channels, groups }: Grouping): readonly Fix[] {
  const key = GROUP_KEYS.find((candidate) => layer.options.has(candidate));
  if (key === undefined) return [];
  const made = trace.of('layerCall').filter((call) => placeKey(call.layer.at) === placeKey(layer.at));
  const others = made.map(({ inputs }) => inputs[0]?.shape?.at(-1)?.dim);
  return nearestDivisors(channels, groups).flatMap((better) => {
    // An expression that makes several layers: the number is to fit them all.
    if (!others.every((size) => typeof size === 'number' && size % better === 0)) return [];
    const edit = setOption(trace, layer, key, String(better));
    return edit === undefined ? [] : [{ title: useGroups(better), safe: false, edits: [edit] }];
  });
}

/** `[…, 8, 3]` written out in the reshape. */
function literalGroups(trace: Trace, op: OpFact, { channels, groups }: Grouping): readonly Fix[] {
  const at = op.args.get('shape')?.at;
  const tail = at === undefined ? null : /\d+\s*,\s*\d+(?=\s*,?\s*\]$)/.exec(trace.text(at));
  if (at === undefined || tail === null) return [];
  const place = { ...at, start: at.start + tail.index, end: at.start + tail.index + tail[0].length };
  return nearestDivisors(channels, groups).map((better) => ({
    title: useGroups(better),
    safe: false,
    edits: [replace(place, `${better}, ${channels / better}`)],
  }));
}

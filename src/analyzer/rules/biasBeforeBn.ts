import type { LayerCallFact, LayerFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { setOption } from './edits';
import { activationOf, isAffine, isBatchNorm, keptAxis, numberOption, option } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';
import { called, placeKey } from './words';

export const biasBeforeBn: Rule = {
  id: 'NL301',
  name: 'bias-before-bn',
  severity: 'information',
  summary: 'A bias straight before batch norm is subtracted with the mean: it gets no gradient and does nothing',
  check(trace, report) {
    const usage = Usage.of(trace);
    const calls = new Map<LayerFact, LayerCallFact[]>();
    for (const call of trace.of('layerCall')) {
      const list = calls.get(call.layer);
      if (list === undefined) calls.set(call.layer, [call]);
      else list.push(call);
    }
    const found: { readonly layer: LayerFact; readonly norm: LayerFact }[] = [];
    for (const [layer, of] of calls) {
      if (!isAffine(layer) || option(layer, 'useBias', true) !== true || activationOf(layer) !== 'linear') continue;
      const norm = of.map((call) => onlyNorm(trace, usage, call)).reduce((a, b) => (a === undefined ? undefined : b));
      if (norm === undefined || of.some((call) => onlyNorm(trace, usage, call) === undefined)) continue;
      found.push({ layer, norm });
    }
    const idle = new Set(found.map(({ layer }) => layer));
    for (const { layer, norm } of found) {
      // An expression that makes several layers is only to be changed where none of them needs its bias.
      const siblings = trace.of('layerMade').filter((made) => placeKey(made.layer.at) === placeKey(layer.at));
      const shared = siblings.some((made) => !idle.has(made.layer));
      const key = layer.type === 'dense' ? 'units' : 'filters';
      const wasted = biasSize(layer, key);
      const edit = shared ? undefined : setOption(trace, layer, 'useBias', 'false');
      report({
        at: layer.at,
        about: layer,
        message:
          wasted === 1
            ? `The bias of this ${called(layer)} does nothing: the batch norm after it subtracts it`
            : `The ${wasted === undefined ? '' : `${wasted} `}biases of this ${called(layer)} do nothing: the batch norm after it subtracts them`,
        advice: `Batch normalization subtracts the mean of each channel, and with it any constant that was added; its β does the bias’s work. The gradient of the bias is 0 (up to rounding), so ${
          wasted === undefined ? 'its parameters are' : wasted === 1 ? 'a parameter is' : `${wasted} parameters are`
        } stored, moved and regularised for nothing. Write \`useBias: false\`; weights saved before will then no longer fit.`,
        facts: wasted === undefined ? {} : { wastedParameters: wasted },
        related: [{ at: norm.at, message: 'subtracted here' }],
        fixes:
          edit === undefined
            ? []
            : [{ title: 'Add useBias: false (weights saved before no longer fit)', safe: false, edits: [edit] }],
      });
    }
  },
};

/** The batch norm that alone takes the call's output, over the axis of the bias. */
function onlyNorm(trace: Trace, usage: Usage, call: LayerCallFact): LayerFact | undefined {
  const [output, ...more] = call.outputs;
  if (output === undefined || more.length > 0 || !call.symbolic) return undefined;
  const consumers = trace.consumersOf(output);
  const [first] = consumers;
  if (
    first?.kind !== 'layerCall' ||
    !isBatchNorm(first.layer) ||
    consumers.some((c) => c.kind !== 'layerCall' || c.layer !== first.layer)
  ) {
    return undefined;
  }
  if (consumers.length === 0 || (usage.isOutput(output) && !isPartOfSequence(usage, output, first))) return undefined;
  const rank = output.shape?.length;
  if (rank === undefined) return option(first.layer, 'axis', -1) === -1 ? first.layer : undefined;
  const channelAxis = option(call.layer, 'dataFormat', 'channelsLast') === 'channelsFirst' ? 1 : rank - 1;
  return keptAxis(first.layer, rank) === channelAxis ? first.layer : undefined;
}

/** A model's recorded output that a later layer of the same model takes is no output any more. */
function isPartOfSequence(usage: Usage, output: LayerCallFact['outputs'][number], next: LayerCallFact): boolean {
  return usage.holders(next.layer).every((model) => !model.outputs.includes(output));
}

function biasSize(layer: LayerFact, key: string): number | undefined {
  const bias = layer.weights?.find((weight) => /bias/.test(weight.name))?.shape[0];
  if (typeof bias === 'number') return bias;
  if (layer.type === 'depthwiseConv2d') return undefined;
  const units = numberOption(layer, key, Number.NaN);
  return units === undefined || Number.isNaN(units) ? undefined : units;
}

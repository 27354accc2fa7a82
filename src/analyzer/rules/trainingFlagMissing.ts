import type { GradientFact, LayerCallFact, LayerFact, ModelCallFact, ModelFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { appendArgument, argumentsOf, type Edit, insertProperty, replace } from './edits';
import { hasTrainingMode, isBatchNorm } from './layers';
import { takesPart, trainsVariables } from './provenance';
import type { Fix, Rule } from './rule';
import { Usage } from './usage';
import { called, placeKey } from './words';

export const trainingFlagMissing: Rule = {
  id: 'NL204',
  name: 'training-flag-missing',
  severity: 'warning',
  summary: 'A model with batch norm or dropout is trained by hand without {training: true}: it runs in inference mode',
  check(trace, report) {
    const usage = Usage.of(trace);
    const copied = new Set(trace.of('weightsCopy').map((fact) => fact.to));
    const frozen = frozenTargets(trace);
    const modelsIn = modelsByRegion(trace, () => true);
    const flaggedIn = modelsByRegion(trace, (fact) => fact.mode === 'train');
    for (const fact of trace.of('modelCall')) {
      const region = trainingRegion(fact.gradient);
      if (region === undefined || fact.mode !== 'infer' || isTarget(fact.model, copied, frozen)) continue;
      const layers = usage.layersWithin(fact.model);
      const sensitive = layers.filter(hasTrainingMode);
      if (sensitive.length === 0 || sensitive.every((layer) => frozen.has(layer))) continue;
      const part = takesPart(region, layers);
      // Where the list of variables is not known, the only model in the region must be the one that trains.
      if (part === false || (part === undefined && (modelsIn.get(region)?.size ?? 0) > 1)) continue;
      // Without a list, next to another model that is called with the flag, this one was left without on purpose.
      const others = [...(flaggedIn.get(region) ?? [])].filter((model) => model !== fact.model);
      if (region.variables === undefined && others.length > 0) continue;
      const norm = sensitive.find(isBatchNorm);
      report({
        at: fact.at,
        about: norm,
        message: messageOf(fact, sensitive),
        advice: adviceOf(norm !== undefined),
        facts: { layers: sensitive.length, api: fact.api },
        related: sensitive
          .slice(0, 3)
          .map((layer) => ({ at: layer.at, message: `${called(layer)} runs in inference mode` })),
        fixes: flagFixes(trace, fact),
      });
    }
    const modelPlaces = new Set(trace.of('modelCall').map((fact) => placeKey(fact.at)));
    for (const fact of eagerCalls(trace)) {
      const region = trainingRegion(fact.gradient);
      if (region === undefined || takesPart(region, [fact.layer]) === false || frozen.has(fact.layer)) continue;
      if (modelPlaces.has(placeKey(fact.at)) || insideLayer(fact)) continue;
      const edit = flagged(trace, fact.at);
      report({
        at: fact.at,
        about: fact.layer,
        message: `This trains ${called(fact.layer)} in inference mode: apply(x) without {training: true} means training: false`,
        advice: adviceOf(isBatchNorm(fact.layer)),
        facts: { layers: 1, api: 'apply' },
        fixes: edit === undefined ? [] : [{ title: FIX, safe: false, edits: [edit] }],
      });
    }
  },
};

const FIX = 'Pass { training: true } (statistics come from the batch, dropout drops)';

function messageOf(fact: ModelCallFact, sensitive: readonly LayerFact[]): string {
  const norms = sensitive.filter(isBatchNorm).length;
  const what =
    norms > 0
      ? `${norms} batch norm${norms === 1 ? '' : 's'}`
      : `${sensitive.length} dropout layer${sensitive.length === 1 ? '' : 's'}`;
  return `${fact.api}() in a training step runs ${what} in inference mode: pass {training: true} to apply`;
}

const adviceOf = (norm: boolean): string =>
  `\`apply\` and \`predict\` default to inference; only \`fit\` and \`trainOnBatch\` set the training flag. ${
    norm
      ? 'So batch normalization uses its running statistics, which are never updated here and stay at mean 0 and variance 1: it normalises nothing.'
      : 'So nothing is dropped.'
  } Write \`model.apply(x, { training: true })\` inside the loss function.`;

/** The innermost region that trains variables, where the call is not below a gradient by input (a penalty, a saliency map). */
function trainingRegion(gradient: GradientFact | undefined): GradientFact | undefined {
  return gradient !== undefined && trainsVariables(gradient) ? gradient : undefined;
}

const BYSTANDER = /target|teacher|ema\b|frozen|pretrain|reference|feature|extractor|vgg|old/i;

function isTarget(model: ModelFact, copied: ReadonlySet<unknown>, frozen: ReadonlySet<unknown>): boolean {
  return copied.has(model) || frozen.has(model) || model.trainable === false || BYSTANDER.test(model.name);
}

function frozenTargets(trace: Trace): ReadonlySet<LayerFact | ModelFact> {
  const frozen = new Set<LayerFact | ModelFact>();
  for (const { target, value } of trace.of('trainable')) {
    if (value === false) frozen.add(target);
    else frozen.delete(target);
  }
  return frozen;
}

function modelsByRegion(
  trace: Trace,
  wanted: (fact: ModelCallFact) => boolean,
): ReadonlyMap<GradientFact, ReadonlySet<ModelFact>> {
  const map = new Map<GradientFact, Set<ModelFact>>();
  for (const fact of trace.of('modelCall')) {
    const region = trainingRegion(fact.gradient);
    if (region !== undefined && wanted(fact)) map.set(region, (map.get(region) ?? new Set()).add(fact.model));
  }
  return map;
}

function eagerCalls(trace: Trace): readonly LayerCallFact[] {
  return trace
    .of('layerCall')
    .filter(
      (fact) => !fact.symbolic && fact.mode === 'infer' && fact.gradient !== undefined && hasTrainingMode(fact.layer),
    );
}

/** Inside a user's layer the flag is handed down by the caller. */
const insideLayer = (fact: LayerCallFact): boolean => fact.activation?.role === 'call';

function flagFixes(trace: Trace, fact: ModelCallFact): readonly Fix[] {
  const edits = fact.trainingFlag === undefined ? added(trace, fact) : changed(trace, fact.trainingFlag.at);
  return edits === undefined ? [] : [{ title: FIX, safe: false, edits }];
}

function changed(trace: Trace, at: Place | undefined): readonly Edit[] | undefined {
  const text = at === undefined ? '' : trace.text(at);
  return at !== undefined && /^training\s*:\s*false$/.test(text) ? [replace(at, 'training: true')] : undefined;
}

function added(trace: Trace, fact: ModelCallFact): readonly Edit[] | undefined {
  const flag = flagged(trace, fact.at);
  if (flag === undefined || fact.api === 'predictOnBatch') return undefined;
  if (fact.api !== 'predict') return [flag];
  const name = /\.predict\s*\(/.exec(trace.text(fact.at));
  // The options of predict are not those of apply.
  if (name === null || trace.text(fact.at).split('.predict').length !== 2 || argumentsOf(trace, fact.at)?.length !== 1)
    return undefined;
  const start = fact.at.start + name.index + 1;
  return [replace({ ...fact.at, start, end: start + 'predict'.length }, 'apply'), flag];
}

/** The flag as the second argument of a call, or in the object that stands there. */
function flagged(trace: Trace, call: Place): Edit | undefined {
  const given = argumentsOf(trace, call);
  const [, options] = given ?? [];
  if (given?.length === 1) return appendArgument(trace, call, '{ training: true }');
  return given?.length === 2 && options !== undefined ? insertProperty(trace, options, 'training: true') : undefined;
}

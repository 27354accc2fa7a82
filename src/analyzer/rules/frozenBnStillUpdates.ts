import type { Fact, LayerFact, ModelFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { frozenBatchNormalization, insertClass } from './customLayers';
import { type Edit, replace } from './edits';
import { initialShare } from './formulas';
import { isBatchNorm, numberOption, option, optionPlace } from './layers';
import type { Fix, Rule } from './rule';
import { Usage } from './usage';
import { count, percent, placeKey } from './words';

export const frozenBnStillUpdates: Rule = {
  id: 'NL206',
  name: 'frozen-bn-still-updates',
  severity: 'warning',
  summary:
    'trainable = false does not freeze batch norm in TensorFlow.js: fit goes on to overwrite its running statistics',
  check(trace, report) {
    const usage = Usage.of(trace);
    if (!freezes(trace)) return;
    const positions = positionsOf(trace);
    for (const { target, at, from, until } of frozen(trace, positions)) {
      const norms = isModel(target) ? usage.layersWithin(target).filter(isBatchNorm) : [target].filter(isBatchNorm);
      const [first] = norms;
      if (first === undefined) continue;
      const holders = isModel(target) ? usage.enclosing(target) : usage.holders(target);
      const train = holders
        .flatMap((model) => usage.trainings(model))
        .map((training) => training.fact)
        .find((fact) => between(positions.get(fact) ?? -1, from, until));
      if (train === undefined) continue;
      const steps = train.kind === 'train' && typeof train.steps === 'number' ? train.steps : undefined;
      const momentum = numberOption(first, 'momentum', 0.99);
      const kept = steps === undefined || momentum === undefined ? undefined : initialShare(momentum, steps);
      report({
        at,
        about: first,
        message: `trainable = false does not freeze ${count(norms.length, 'batch norm')}: fit() still overwrites the running statistics`,
        advice: `Unlike Keras 2, TensorFlow.js looks only at the training flag: in fit() a batch norm with trainable = false still normalises with the statistics of the batch and still updates its running ones${
          kept === undefined || steps === undefined
            ? ''
            : ` (${count(steps, 'step')} leave ${percent(kept)} of what was learned before)`
        }; only γ and β stay. To freeze it truly, apply it in a layer of your own that calls \`apply(x, { training: false })\`, or run the frozen part with \`predict\` and train on its output.`,
        facts: { layers: norms.length, ...(kept === undefined ? {} : { keptShare: kept }) },
        related: [{ at: train.at, message: 'training that updates them' }],
        fixes: until === Number.POSITIVE_INFINITY ? replaceLayers(trace, normsFrozenAt(trace, usage, target, at)) : [],
      });
    }
  },
};

/** Where in the trace something is frozen, or may train. */
function positionsOf(trace: Trace): ReadonlyMap<Fact, number> {
  const positions = new Map<Fact, number>();
  for (const [i, fact] of trace.facts.entries()) if (ORDERED.has(fact.kind)) positions.set(fact, i);
  return positions;
}

const ORDERED: ReadonlySet<Fact['kind']> = new Set(['trainable', 'train', 'modelCall']);

const isModel = (target: LayerFact | ModelFact): target is ModelFact => 'calls' in target;

interface Frozen {
  readonly target: LayerFact | ModelFact;
  readonly at: Place;
  /** Positions in the trace between which it is frozen. */
  readonly from: number;
  readonly until: number;
}

/** The cheap question first: most programs freeze nothing. */
const freezes = (trace: Trace): boolean =>
  trace.of('trainable').length > 0 || trace.of('layerMade').some(({ layer }) => isFrozenNorm(layer));

const isFrozenNorm = (layer: LayerFact): boolean => isBatchNorm(layer) && option(layer, 'trainable', true) === false;

/** What is frozen, by assignment (until it is assigned again) or by an option. */
function* frozen(trace: Trace, positions: ReadonlyMap<Fact, number>): Generator<Frozen> {
  const next = new Map<LayerFact | ModelFact, number>();
  for (const fact of [...trace.of('trainable')].reverse()) {
    const from = positions.get(fact) ?? 0;
    const until = next.get(fact.target) ?? Number.POSITIVE_INFINITY;
    next.set(fact.target, from);
    if (fact.value === false) yield { target: fact.target, at: fact.at, from, until };
  }
  for (const { layer } of trace.of('layerMade')) {
    if (!isFrozenNorm(layer)) continue;
    yield {
      target: layer,
      at: optionPlace(layer, 'trainable'),
      from: -1,
      until: next.get(layer) ?? Number.POSITIVE_INFINITY,
    };
  }
}

const between = (x: number, from: number, until: number): boolean => x > from && x < until;

/** All batch norms that one line freezes: it may stand in a loop over layers. */
function normsFrozenAt(trace: Trace, usage: Usage, target: LayerFact | ModelFact, at: Place): readonly LayerFact[] {
  const key = placeKey(at);
  const targets = trace.of('trainable').filter((fact) => placeKey(fact.at) === key && fact.value === false);
  const all = [target, ...targets.map((fact) => fact.target)];
  return [...new Set(all.flatMap((t) => (isModel(t) ? usage.layersWithin(t) : [t])))].filter(isBatchNorm);
}

/** Layers as those of the user's own that cannot train, with the same weights in the same order. */
function replaceLayers(trace: Trace, layers: readonly LayerFact[]): readonly Fix[] {
  const edits = new Map<string, Edit>();
  let inserted: readonly Edit[] = [];
  for (const layer of layers) {
    const [factory, namespace] = /^([\w$]+)\.layers\.batchNormalization(?=\()/.exec(trace.text(layer.at)) ?? [];
    if (factory === undefined || namespace === undefined || option(layer, 'axis', -1) !== -1) return [];
    // An expression that makes several layers would freeze those as well that are to train.
    if (trace.of('layerMade').some(({ layer: l }) => placeKey(l.at) === placeKey(layer.at) && !layers.includes(l)))
      return [];
    if (layers.some(({ at }) => at.file !== layer.at.file)) return [];
    inserted = insertClass(trace, frozenBatchNormalization, layer.at.file, namespace);
    const place = { ...layer.at, end: layer.at.start + factory.length };
    edits.set(placeKey(place), replace(place, `new ${frozenBatchNormalization.className}`));
  }
  return [
    {
      title: 'Use a batch norm that never trains (its statistics stay as they are)',
      safe: false,
      edits: [...inserted, ...edits.values()],
    },
  ];
}

import type { LayerFact, ModelFact, TrainFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { setOption } from './edits';
import { FORGOTTEN, initialShare, momentumFor, stepsToForget } from './formulas';
import { isBatchNorm, numberOption, optionPlace } from './layers';
import type { Fix, Rule, RuleFinding } from './rule';
import { Usage } from './usage';
import { count, percent, placeKey, plain } from './words';

/** A set of samples that is needed but so small that nobody has less is not worth a word. */
const WORTH_A_HINT = 2000;

export const runningAverageWarmUp: Rule = {
  id: 'NL203',
  name: 'running-average-warm-up',
  severity: 'warning',
  summary: 'Training ends before the running statistics have forgotten their initial values: predictions are wrong',
  check(trace, report) {
    const usage = Usage.of(trace);
    const loaded = new Set(trace.of('weightsCopy').map((fact) => fact.to));
    for (const model of usage.models) {
      const norms = usage.layersWithin(model).filter(isBatchNorm);
      const slowest = slowestOf(norms);
      if (slowest === undefined || loaded.has(model) || norms.some((layer) => loaded.has(layer) || given(layer)))
        continue;
      const fits = trainsOf(usage, model);
      const last = fits.at(-1);
      if (last === undefined || fits.some((fact) => fact.kind !== 'train' || fact.looped)) continue;
      const finding = judge(trace, norms, slowest, fits as readonly TrainFact[], last as TrainFact);
      if (finding !== undefined) report(finding);
    }
  },
};

const given = (layer: LayerFact): boolean =>
  ['weights', 'movingMeanInitializer', 'movingVarianceInitializer'].some((key) => layer.options.has(key)) ||
  layer.optionsOpen;

const trainsOf = (usage: Usage, model: ModelFact) =>
  usage
    .trainings(model)
    .map((training) => training.fact)
    .sort((a, b) => (a.model === b.model ? 0 : a.model === model ? -1 : 1));

interface Slowest {
  readonly layer: LayerFact;
  readonly momentum: number;
}

/** The layer that forgets last; undefined where a momentum is not known or no step forgets anything. */
function slowestOf(norms: readonly LayerFact[]): Slowest | undefined {
  let slowest: Slowest | undefined;
  for (const layer of norms) {
    const momentum = numberOption(layer, 'momentum', 0.99);
    if (momentum === undefined || momentum >= 1 || momentum < 0) return undefined;
    if (slowest === undefined || momentum > slowest.momentum) slowest = { layer, momentum };
  }
  return slowest;
}

function judge(
  trace: Trace,
  norms: readonly LayerFact[],
  { layer, momentum }: Slowest,
  fits: readonly TrainFact[],
  last: TrainFact,
): RuleFinding | undefined {
  const needed = stepsToForget(momentum);
  const steps = fits.reduce((sum, fact) => sum + (typeof fact.steps === 'number' ? fact.steps : Number.NaN), 0);
  const related = [{ at: last.at, message: 'trained here' }];
  if (Number.isNaN(steps)) return hint(fits, last, layer, momentum, needed, related);
  const share = initialShare(momentum, steps);
  if (share <= FORGOTTEN || steps < 1) return undefined;
  const better = momentumFor(steps);
  // In very few steps only a momentum that keeps next to nothing forgets enough.
  const helps = better < momentum && initialShare(better, steps) <= FORGOTTEN;
  return {
    at: optionPlace(layer, 'momentum'),
    about: layer,
    message: `After ${count(steps, 'step')} at momentum ${plain(momentum)}, ${percent(share)} of the running statistics are still initial values`,
    advice: `Prediction uses running statistics that start at mean 0 and variance 1 and keep momentum^k of that after k steps: ${plain(momentum)}^${steps} = ${percent(share)}. So evaluate() and predict() see another network than fit() trained. ${count(needed, 'step')} bring it under 5 %${
      helps ? `; or use momentum ${better} for ${count(steps, 'step')}` : ''
    }.`,
    facts: { steps, momentum, initialShare: share, stepsNeeded: needed, ...(helps ? { momentumNeeded: better } : {}) },
    related,
    fixes: helps ? momentumFixes(trace, norms, better) : [],
  };
}

/** The number of samples is not in the code: say what it takes, where it takes much. */
function hint(
  fits: readonly TrainFact[],
  last: TrainFact,
  layer: LayerFact,
  momentum: number,
  needed: number,
  related: RuleFinding['related'] = [],
): RuleFinding | undefined {
  const { epochs, batchSize } = last;
  if (fits.length !== 1 || last.api !== 'fit' || typeof epochs !== 'number' || typeof batchSize !== 'number')
    return undefined;
  // The last batch of an epoch may hold a single sample.
  const samples = (Math.ceil(needed / epochs) - 1) * batchSize + 1;
  if (samples < WORTH_A_HINT) return undefined;
  return {
    at: optionPlace(layer, 'momentum'),
    about: layer,
    severity: 'hint',
    message: `Running statistics at momentum ${plain(momentum)} need ${needed} steps: at least ${samples} training samples for ${count(epochs, 'epoch')}`,
    advice: `The weight of the initial running statistics after k steps is momentum^k, under 5 % only from k = ${needed} on. With ${count(epochs, 'epoch')} in batches of ${batchSize} that takes ${samples} samples beside those for validation; with fewer, predictions lag behind training.`,
    facts: { momentum, stepsNeeded: needed, epochs, batch: batchSize, samplesNeeded: samples },
    related,
  };
}

function momentumFixes(trace: Trace, norms: readonly LayerFact[], momentum: number): readonly Fix[] {
  const places = new Set<string>();
  const edits = norms.map((layer) => {
    const edit = setOption(trace, layer, 'momentum', String(momentum));
    const key = edit === undefined ? '' : placeKey(edit.at);
    if (edit === undefined || places.has(key)) return edit === undefined ? undefined : 'again';
    places.add(key);
    return edit;
  });
  if (edits.includes(undefined)) return [];
  return [
    {
      title: `Use momentum: ${momentum} (running statistics change)`,
      safe: false,
      edits: edits.filter((edit) => edit !== undefined && edit !== 'again'),
    },
  ];
}

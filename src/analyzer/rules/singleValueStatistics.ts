import type { Dim } from '../shapes/dim';
import { showShape } from '../shapes/shape';
import type { LayerCallFact, TrainFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { replace } from './edits';
import { runningVarianceScale, safeBatchSizes } from './formulas';
import { isBatchNorm, numberOption, valuesPerStatistic } from './layers';
import type { Fix, Rule, RuleFinding } from './rule';
import { type Training, Usage } from './usage';
import { either, short } from './words';

export const singleValueStatistics: Rule = {
  id: 'NL201',
  name: 'single-value-statistics',
  severity: 'error',
  summary:
    'Batch normalization trains on one value per mean: its output is β whatever the input, and no gradient flows',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const model of usage.models) {
      const norms = usage.callsWithin(model).filter((call) => isBatchNorm(call.layer));
      if (norms.length === 0) continue;
      for (const training of usage.ownTrainings(model)) {
        const finding = judge(trace, norms, training);
        if (finding !== undefined) report(finding);
      }
    }
    for (const call of trace.of('layerCall')) {
      if (call.symbolic || call.mode !== 'train' || !isBatchNorm(call.layer)) continue;
      const shape = call.inputs[0]?.shape ?? null;
      if (valuesPerStatistic(call.layer, shape, shape?.[0]?.dim ?? '?') !== 1) continue;
      report({
        at: call.layer.at,
        about: call.layer,
        message: `One value per mean in ${showShape(shape)}: the output is β for every input, and no gradient flows`,
        advice: ADVICE,
        facts: { m: 1, batch: 1 },
        related: [{ at: call.at, message: 'applied in training mode here' }],
      });
    }
  },
};

const ADVICE =
  'Batch normalization subtracts the mean of m values and divides by their spread. With m = 1 the value is its own mean: x − mean = 0, the output is exactly β, and the gradient to everything before the layer is exactly 0. Use larger batches, or a normalization that does not look at the batch (`tf.layers.layerNormalization`, group norm).';

function judge(trace: Trace, norms: readonly LayerCallFact[], training: Training): RuleFinding | undefined {
  const { fact, batch, residual } = training;
  const single = (size: Dim): LayerCallFact | undefined =>
    norms.find((call) => valuesPerStatistic(call.layer, call.inputs[0]?.shape ?? null, size) === 1);
  const always = single(batch);
  const at = (fact.kind === 'train' ? fact.batchSizeAt : undefined) ?? fact.at;
  if (always !== undefined) {
    return {
      at: always.layer.at,
      about: always.layer,
      message: `Batch norm over ${showShape(always.inputs[0]?.shape ?? null)} with batches of 1 has m = 1: its output is β, no gradient flows`,
      advice: ADVICE,
      facts: { m: 1, batch: short1(batch) },
      related: [{ at, message: 'trained here, one sample a batch' }],
    };
  }
  const last = residual === 1 ? single(1) : undefined;
  if (last === undefined || fact.kind !== 'train' || typeof batch !== 'number') return undefined;
  const samples = fact.trainSamples;
  if (typeof samples !== 'number') return undefined;
  const better = safeBatchSizes(samples, batch);
  const momentum = numberOption(last.layer, 'momentum', 0.99) ?? 0.99;
  const scale = runningVarianceScale(batch, momentum, Math.floor(samples / batch));
  return {
    at: last.layer.at,
    about: last.layer,
    severity: 'warning',
    message: `${samples} samples in batches of ${batch} leave a last batch of 1, where batch norm has m = 1 and learns nothing`,
    advice: `${samples} mod ${batch} = 1: once an epoch batch normalization sees a single value per mean, gives β, passes no gradient, and mixes a variance of 0 into its running statistics (which end the epoch at ${short(scale)} of the true variance). ${
      better.length > 0 ? `A batch size of ${either(better)} leaves no such remainder; or drop` : 'Drop'
    } the remainder with \`dataset.batch(${batch}, false)\`.`,
    facts: { m: 1, samples, batch, residual: 1, varianceScale: scale },
    related: [{ at, message: `${samples} samples in batches of ${batch}` }],
    fixes: batchFixes(trace, fact, better),
  };
}

const short1 = (dim: Dim): number => (typeof dim === 'number' ? dim : 1);

function batchFixes(trace: Trace, fact: TrainFact, sizes: readonly number[]): readonly Fix[] {
  const at = fact.batchSizeAt;
  if (at === undefined) return [];
  const text = trace.text(at);
  const literal = /^((?:['"]?batchSize['"]?\s*:\s*)?)\d+$/.exec(text);
  if (literal === null) return [];
  return sizes.map((size) => ({
    title: `Use batches of ${size} (the steps change)`,
    safe: false,
    edits: [replace(at, `${literal[1] ?? ''}${size}`)],
  }));
}

import { setOption } from './edits';
import { otherMomentum, runningMeanNoise } from './formulas';
import { isBatchNorm, isDefault, numberOption, optionPlace } from './layers';
import type { Rule } from './rule';
import { plain, short } from './words';

export const momentumConvention: Rule = {
  id: 'NL202',
  name: 'momentum-convention',
  severity: 'warning',
  summary: 'A batch norm momentum of at most 0.5 reads like PyTorch’s, which means the opposite',
  check(trace, report) {
    for (const { layer } of trace.of('layerMade')) {
      if (!isBatchNorm(layer) || isDefault(layer, 'momentum')) continue;
      const momentum = numberOption(layer, 'momentum', 0.99);
      if (momentum === undefined || momentum < 0 || momentum > 0.5) continue;
      // At 0.5 both conventions say the same: nothing was mixed up.
      const meant = momentum === 0 || momentum === 0.5 ? 0.99 : otherMomentum(momentum);
      const ratio = runningMeanNoise(momentum, 1) / runningMeanNoise(meant, 1);
      const edit = setOption(trace, layer, 'momentum', String(meant));
      report({
        at: optionPlace(layer, 'momentum'),
        about: layer,
        ...(momentum === 0.5 ? { severity: 'information' as const } : {}),
        message: messageFor(momentum, meant),
        advice: `In Keras and TensorFlow.js momentum is the weight of the old statistics (v = momentum·v + (1 − momentum)·batch), in PyTorch that of the new batch. At ${plain(momentum)} the running mean is ${short(ratio)} × noisier than at ${meant}, so predictions hang on the last few batches. ${momentum === 0.5 ? '' : `If the value comes from PyTorch, write ${meant}; `}TensorFlow.js’s default is 0.99.`,
        facts: { momentum, meant, noiseRatio: ratio },
        fixes:
          edit === undefined
            ? []
            : [{ title: `Use momentum: ${meant} (running statistics change)`, safe: false, edits: [edit] }],
      });
    }
  },
};

function messageFor(momentum: number, meant: number): string {
  if (momentum === 0) return 'momentum 0 keeps no running statistics: prediction uses those of the last batch alone';
  const forgets = `momentum ${plain(momentum)} forgets ${Math.round((1 - momentum) * 100)} % of the running statistics a step`;
  return momentum === 0.5
    ? `${forgets}: prediction hangs on the last few batches`
    : `${forgets}; PyTorch’s ${plain(momentum)} is ${meant} here`;
}

import { deleteProperty } from './edits';
import { isFlaggedAtInference } from './inferenceFlags';
import { isBatchNorm } from './layers';
import type { Rule } from './rule';
import { Usage } from './usage';
import { count } from './words';

export const trainingFlagAtInference: Rule = {
  id: 'NL205',
  name: 'training-flag-at-inference',
  severity: 'warning',
  summary:
    '{training: true} outside training: the output depends on the batch, and the running statistics are overwritten',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const fact of trace.of('modelCall')) {
      if (!isFlaggedAtInference(trace, fact)) continue;
      const norms = usage.layersWithin(fact.model).filter(isBatchNorm);
      if (norms.length === 0) continue;
      const at = fact.trainingFlag?.at;
      report({
        at: fact.at,
        about: norms[0],
        message: `{training: true} outside a gradient: ${count(norms.length, 'batch norm')} ${norms.length === 1 ? 'uses this batch and overwrites its' : 'use this batch and overwrite their'} statistics`,
        advice:
          'With the training flag batch normalization takes mean and variance from the batch at hand, so the output of one sample depends on the others, and every call moves the running statistics. Leave the flag out (or use `predict`) where nothing is trained. To draw Monte Carlo samples through dropout, keep batch norm out of that part.',
        facts: { layers: norms.length },
        related: norms.slice(0, 1).map((layer) => ({ at: layer.at, message: 'overwrites its running statistics' })),
        fixes:
          at === undefined
            ? []
            : [{ title: 'Drop training: true (inference mode)', safe: false, edits: [deleteProperty(trace, at)] }],
      });
    }
  },
};

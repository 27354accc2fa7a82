import { isBatchNorm } from './layers';
import { activationBefore } from './reluBnRelu';
import type { Rule } from './rule';

export const normAfterActivation: Rule = {
  id: 'NL306',
  name: 'norm-after-activation',
  severity: 'information',
  off: true,
  summary: 'An activation straight before batch norm (a matter of taste, off by default)',
  check(trace, report) {
    for (const call of trace.of('layerCall')) {
      const found = isBatchNorm(call.layer) ? activationBefore(call) : undefined;
      if (found === undefined) continue;
      report({
        at: call.layer.at,
        about: call.layer,
        message: `Batch norm comes after ${found.activation}; the paper puts it before the activation`,
        advice:
          'arXiv 1502.03167 normalises the sum before the nonlinearity. Both orders are in use and neither is better throughout; this rule is for teams that want one of them.',
        facts: { activation: found.activation },
        related: [{ at: found.call.layer.at, message: 'the activation' }],
      });
    }
  },
};

import { setOption } from './edits';
import { isDefault, isNorm } from './layers';
import type { Rule } from './rule';

/** Evidence in the file that the network comes from PyTorch. */
const PORT = /\bpytorch\b|\btorch(vision|\.nn)?\b|\bnn\.(BatchNorm|LayerNorm|Conv)|state_dict|running_var|safetensors/i;

export const epsilonDefaultDiffers: Rule = {
  id: 'NL303',
  name: 'epsilon-default-differs',
  severity: 'information',
  summary: 'A port from PyTorch leaves ε at the default of TensorFlow.js, 1e-3, where PyTorch has 1e-5',
  check(trace, report) {
    const ports = new Map<string, boolean>();
    for (const { layer } of trace.of('layerMade')) {
      if (!isNorm(layer) || !isDefault(layer, 'epsilon')) continue;
      const { file } = layer.at;
      if (!ports.has(file)) ports.set(file, PORT.test(trace.source(file)));
      if (ports.get(file) !== true) continue;
      const edit = setOption(trace, layer, 'epsilon', '1e-5');
      report({
        at: layer.at,
        about: layer,
        message: `${layer.type} has ε = 1e-3 by default, PyTorch 1e-5: ported weights give other outputs`,
        advice:
          'With weights from PyTorch the outputs differ by the factor √((v + 1e-5)/(v + 1e-3)): 5 % at a variance of 0.01, 30 % at 0.001. Write `epsilon: 1e-5`. PyTorch’s momentum is 1 minus that of TensorFlow.js as well.',
        facts: { epsilon: 1e-3, pytorch: 1e-5 },
        fixes: edit === undefined ? [] : [{ title: 'Use epsilon: 1e-5 (outputs change)', safe: false, edits: [edit] }],
      });
    }
  },
};

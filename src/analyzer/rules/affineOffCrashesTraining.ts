import { deleteProperty } from './edits';
import { isNorm, option, optionPlace } from './layers';
import type { Rule, Severity } from './rule';
import { type Reach, Usage } from './usage';
import { within } from './words';

const PARAMETERS = { scale: 'γ', center: 'β' } as const;

export const affineOffCrashesTraining: Rule = {
  id: 'NL104',
  name: 'affine-off-crashes-training',
  severity: 'error',
  summary: 'scale: false or center: false on a normalization that trains: TensorFlow.js throws a TypeError in fit',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const { layer } of trace.of('layerMade')) {
      if (!isNorm(layer)) continue;
      for (const key of ['scale', 'center'] as const) {
        if (option(layer, key, true) !== false) continue;
        const reach = usage.reach(layer);
        const compiled = usage.holders(layer).some((model) => usage.compiles(model).length > 0);
        const written = layer.options.get(key)?.at;
        const own = written !== undefined && within(written, layer.at);
        report({
          at: optionPlace(layer, key),
          about: layer,
          severity: severityOf(reach, compiled),
          message:
            reach === 'trains'
              ? `${key}: false leaves ${layer.type} without ${PARAMETERS[key]}, and its training throws a TypeError`
              : `${key}: false works for prediction only: training this ${layer.type} throws a TypeError`,
          advice: `TensorFlow.js 4.22 reads ${PARAMETERS[key]} in training whether it exists or not (“Cannot read properties of undefined”). Leave \`${key}\` out: a ${PARAMETERS[key]} that is not wanted can be held at ${key === 'scale' ? 'one' : 'zero'} by its initial value and \`trainable: false\`, at the cost of one number a channel.`,
          facts: { option: key },
          fixes:
            own && reach !== 'predicts'
              ? [
                  {
                    title: `Delete ${key}: false${reach === 'trains' ? '' : ` (the layer gets a ${PARAMETERS[key]}, saved weights no longer fit)`}`,
                    safe: reach === 'trains',
                    edits: [deleteProperty(trace, written)],
                  },
                ]
              : [],
        });
      }
    }
  },
};

function severityOf(reach: Reach, compiled: boolean): Severity {
  if (reach === 'trains') return 'error';
  return compiled ? 'warning' : 'hint';
}

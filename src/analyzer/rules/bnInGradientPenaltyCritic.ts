import type { ModelCallFact } from '../trace/facts';
import { isBatchNorm } from './layers';
import { BY_INPUT, derivedTwice, regions } from './provenance';
import type { Rule } from './rule';
import { Usage } from './usage';

export const bnInGradientPenaltyCritic: Rule = {
  id: 'NL208',
  name: 'bn-in-gradient-penalty-critic',
  severity: 'warning',
  summary: 'A critic under a gradient penalty uses batch norm, so the gradient of one sample depends on all the others',
  check(trace, report) {
    const usage = Usage.of(trace);
    for (const fact of trace.of('modelCall')) {
      if (!inPenalty(fact)) continue;
      // In inference mode no sample depends on another: what is wrong then is that it is not the critic that trains.
      const infers = fact.mode === 'infer';
      if (infers && usage.trainings(fact.model).length === 0) continue;
      const norms = usage.layersWithin(fact.model).filter(isBatchNorm);
      const batch = fact.inputs[0]?.shape?.[0]?.dim;
      const n = typeof batch === 'number' ? batch : undefined;
      for (const layer of norms) {
        report({
          at: layer.at,
          about: layer,
          message: infers
            ? 'The gradient penalty meets this batch norm in inference mode: it is not the critic that trains'
            : `Batch norm in a critic under a gradient penalty: ∂D(xᵢ)/∂xⱼ ≠ 0 couples ${n === undefined ? 'all samples of a batch' : `all ${n} samples of a batch`}`,
          advice: `${infers ? 'Without {training: true} batch norm uses its running statistics here, and those of the batch where the critic trains: the penalty is on another function. With the flag it would be no better. ' : ''}The penalty of WGAN-GP constrains the norm of the gradient at each sample. Batch norm makes D(xᵢ) depend on every xⱼ of the batch, so that gradient is no longer one of D at xᵢ; followed by a linear head, ΣD(xᵢ) is even constant, the input gradient 0 and the penalty a constant. The paper says “no critic batch normalization” (arXiv 1704.00028, section 4) and recommends layer normalization: \`tf.layers.layerNormalization()\`.`,
          facts: { layers: norms.length, ...(n === undefined ? {} : { batch: n }) },
          related: [{ at: fact.at, message: 'the gradient penalty calls the critic here' }],
        });
      }
    }
  },
};

const PENALTY = /penalty|(^|_)gp($|_)|Gp$|lipschitz/i;

/** A gradient by input whose norm is trained on: nested in a gradient by variables, or in a function that says so. */
function inPenalty(fact: ModelCallFact): boolean {
  if (derivedTwice(fact.gradient)) return true;
  if (!regions(fact.gradient).some((region) => BY_INPUT.test(region.api))) return false;
  return PENALTY.test(fact.activation?.name ?? '') || PENALTY.test(fact.activation?.owner ?? '');
}

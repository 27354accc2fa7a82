/** Training steps by hand: what a loss depends on, and through which models. */
import type { GradientRegionFact, ModelFact, OptimizerStepFact, Place, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isWithin, trainsVariables } from './provenance';
import { behind, inputsOf, type Producer } from './singleStepGradient';

/** A model on the way to a loss, and the models whose outputs it was given. */
export interface Visit {
  readonly model: ModelFact;
  /** The call of it, `critic.apply(x)`. */
  readonly at: Place;
  readonly behind: ReadonlySet<ModelFact>;
}

/** One step: a gradient by variables that an optimizer takes. */
export interface Step {
  readonly fact: GradientRegionFact;
  readonly visits: readonly Visit[];
  /** The optimizer as it is written: `this.optimizer`. */
  readonly optimizer: string;
  /** Whether variables of no layer are on the way, too. */
  readonly hasOwnVariables: boolean;
}

/** Ops through which no gradient comes: their own is 0, or there is none. */
const STOPS =
  /^(argM(ax|in)|greater|less|equal|notEqual|greaterEqual|lessEqual|logical\w+|round|floor|ceil|sign|step|(ones|zeros)Like|oneHot|is(NaN|Inf|Finite)|all|any|variable)$/;

/** The steps of a trace, in order. */
export function stepsOf(trace: Trace): readonly Step[] {
  return trace.of('gradientRegion').flatMap((fact) => {
    // What a customGrad gives its gradient by hand, and may stop it.
    if (!trainsVariables(fact.region) || trace.source(fact.at.file).includes('customGrad')) return [];
    const optimizer = optimizerOf(trace, fact);
    return optimizer === undefined ? [] : [{ fact, optimizer, ...seen(fact) }];
  });
}

/** Who takes the gradients, where it takes all of them as they are. */
function optimizerOf(trace: Trace, { region, at, activation }: GradientRegionFact): string | undefined {
  const own = /^([\w$.!]+)\.minimize\s*\(/.exec(trace.text(at));
  if (own?.[1] !== undefined) return own[1];
  if (region.api !== 'variableGrads' && region.api !== 'computeGradients') return undefined;
  const step = trace
    .of('optimizerStep')
    .find((s: OptimizerStepFact) => s.activation === activation && s.at.file === at.file && s.at.start > at.end);
  const applied =
    step === undefined ? null : /^([\w$.!]+)\.applyGradients\(\s*([\w$]+)(?:\.grads)?\s*\)$/.exec(trace.text(step.at));
  if (step === undefined || applied?.[2] === undefined) return undefined;
  const name = new RegExp(`(?<![\\w$])${applied[2].replace(/\$/g, '\\$')}(?![\\w$])`);
  const source = trace.source(at.file);
  const line = source.slice(source.lastIndexOf('\n', at.start) + 1, at.start);
  // Between the two some may have been picked out.
  return name.test(line) && !name.test(source.slice(at.end, step.at.start)) ? applied[1] : undefined;
}

/** The models between the variables and what is derived. */
function seen({ region, outputs }: GradientRegionFact): Pick<Step, 'visits' | 'hasOwnVariables'> {
  const inside = (call: Producer): boolean =>
    isWithin(call.gradient, region) && !(call.kind === 'op' && STOPS.test(call.name));
  const calls = behind(outputs).filter(inside);
  const reaching = new Set(outputs);
  const onTheWay = calls.toReversed().filter((call) => {
    const reaches = call.outputs.some((output) => reaching.has(output));
    if (reaches) for (const input of inputsOf(call)) reaching.add(input);
    return reaches;
  });
  const models = new Map<TensorFact, ReadonlySet<ModelFact>>();
  const visits: Visit[] = [];
  for (const call of onTheWay.reverse()) {
    const before = new Set(inputsOf(call).flatMap((input) => [...(models.get(input) ?? [])]));
    const model = call.kind === 'layerCall' ? call.layer.model : undefined;
    if (model !== undefined) visits.push({ model, at: call.at, behind: before });
    if (model === undefined && before.size === 0) continue;
    const after = model === undefined ? before : new Set([...before, model]);
    for (const output of call.outputs) models.set(output, after);
  }
  const hasOwnVariables = [...reaching].some(({ variable }) => variable !== undefined && variable.layer === undefined);
  return { visits, hasOwnVariables };
}

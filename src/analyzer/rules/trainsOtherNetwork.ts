import type { LayerFact, ModelFact, Place } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { appendArgument, argumentsOf } from './edits';
import { balanced } from './fitNotAwaited';
import type { Fix, Rule } from './rule';
import { frozenIn, trains } from './singleStepGradient';
import { type Step, stepsOf } from './steps';

/** A model that a step moves although it is not the one that the step is for. */
interface Other {
  readonly model: ModelFact;
  /** Why it is not. */
  readonly because: 'its own step' | 'copy';
  /** What says so: the other's step, or the copy. */
  readonly at: Place;
}

/**
 * `variableGrads` of tfjs-core derives by every registered variable that is trainable, unless it is given a list. Where a loss
 * goes through two networks, both are moved, and there is no stopGradient that would hold one of them.
 */
export const trainsOtherNetwork: Rule = {
  id: 'NL226',
  name: 'trains-other-network',
  severity: 'warning',
  summary: 'A training step without a list of variables moves another network as well: the critic, or the target',
  check(trace, report) {
    const steps = stepsOf(trace);
    if (!steps.some(isOpen)) return;
    const frozen = frozenIn(trace);
    const moves = (model: ModelFact): boolean =>
      model.exact && trace.layersWithin(model).some((layer: LayerFact) => trains(layer, frozen));
    for (const step of steps) {
      if (!isOpen(step) || !step.fact.certain) continue;
      const other = [...copied(trace, step), ...adverse(trace, step, steps)].find(({ model }) => moves(model));
      if (other === undefined) continue;
      const rest = [...new Set(step.visits.map(({ model }) => model))].filter((model) => model !== other.model);
      const name = nameOf(trace, step, other.model) ?? 'another model';
      const api = step.fact.region.api;
      report({
        at: step.fact.at,
        message: `${api}() without a list of variables trains ${name} as well, which ${
          other.because === 'copy' ? 'is a copy that is to stand still' : 'has a step of its own'
        }`,
        advice: `Without a list \`${api}\` moves every trainable variable that the loss depends on, whosever it is. ${
          other.because === 'copy'
            ? 'A target that is moved by the loss runs to meet the prediction instead of holding it to what was known. Compute it before the step, outside the function that is derived, or'
            : 'A critic or discriminator that is moved in the step of its adversary learns to be fooled, and the adversary in its step to be found out: the two losses cancel. TensorFlow.js has no stopGradient:'
        } give the list: \`${argumentsFor(api, 1)}${listOf('model', '')})\`.`,
        facts: { api, models: rest.length + 1 },
        related: [
          { at: other.at, message: other.because === 'copy' ? 'copied here' : `the step of ${name}` },
          ...step.visits.filter(({ model }) => model === other.model).map(({ at }) => ({ at, message: 'called here' })),
        ],
        fixes: fixesFor(trace, step, rest),
      });
    }
  },
};

/** Whether every variable takes part. */
const isOpen = ({ fact }: Step): boolean => fact.region.allVariables === true;

/** Models on the way that are given the weights of another one on the way after the step: targets. */
function copied(trace: Trace, { fact, visits }: Step): readonly Other[] {
  const from = trace.facts.indexOf(fact);
  const models = visits.map(({ model }) => model);
  return trace.of('weightsCopy').flatMap((copy) => {
    const [source, target] = [copy.from, copy.to].map((end) => models.find((model) => holds(trace, model, end)));
    if (source === undefined || target === undefined || source === target || trace.facts.indexOf(copy) < from)
      return [];
    return [{ model: target, because: 'copy' as const, at: copy.at }];
  });
}

const holds = (trace: Trace, model: ModelFact, part: LayerFact | ModelFact | undefined): boolean =>
  part !== undefined && (part === model || ('type' in part && trace.layersWithin(model).includes(part)));

/** One step goes through a model and what judges it, and the judge has a step on what the model did not make: a pair. */
function* adverse(trace: Trace, step: Step, steps: readonly Step[]): Generator<Other> {
  for (const { model: judge, behind } of step.visits) {
    for (const made of behind) {
      if (isPart(trace, made, judge) || isPart(trace, judge, made)) continue;
      const judges = judgesOthers(step, judge, made);
      const partner = steps.find(
        (other) =>
          other.optimizer !== step.optimizer &&
          (judges ? passesOn(other, judge, made) : judgesOthers(other, judge, made)) &&
          (besides(trace, step.fact.at, other.fact.at) || ADVERSE.test(namesIn(trace, step, other))),
      );
      if (partner !== undefined) yield { model: judges ? made : judge, because: 'its own step', at: partner.fact.at };
      const fitted = trace
        .of('train')
        .find((fact) => fact.model === judge && fact.activation === step.fact.activation && !judges);
      if (fitted !== undefined && besides(trace, step.fact.at, fitted.at))
        yield { model: judge, because: 'its own step', at: fitted.at };
    }
  }
}

/** Whether the step shows the judge something that the other did not make. */
const judgesOthers = ({ visits }: Step, judge: ModelFact, made: ModelFact): boolean =>
  visits.some(({ model, behind }) => model === judge && !behind.has(made));

/** Whether all that the step shows the judge is made by the other. */
const passesOn = (step: Step, judge: ModelFact, made: ModelFact): boolean =>
  !judgesOthers(step, judge, made) && step.visits.some(({ model }) => model === judge);

const isPart = (trace: Trace, part: ModelFact, whole: ModelFact): boolean =>
  part === whole || trace.layersWithin(whole).some(({ model }) => model === part);

/** Names under which two networks work against each other. */
const ADVERSE = /disc|critic|advers|(?<![a-z])gan(?![a-z])|actor/i;

function namesIn(trace: Trace, ...steps: readonly Step[]): string {
  const names = steps.flatMap((step) => step.visits.map(({ model }) => nameOf(trace, step, model) ?? ''));
  return [...names, ...steps.map(({ fact }) => fact.activation?.name ?? '')].join(' ');
}

/** Whether the two stand in one block: what runs one runs the other. */
function besides(trace: Trace, a: Place, b: Place): boolean {
  if (a.file !== b.file) return false;
  const [first, second] = a.start < b.start ? [a, b] : [b, a];
  const between = trace.source(a.file).slice(first.end, second.start);
  const mirrored = [...between].reverse().map((c) => (c === '{' ? '}' : c === '}' ? '{' : c));
  if (/\b(?:for|while|do)\b/.test(between)) return false;
  return first.end <= second.start && balanced(between) && balanced(mirrored.join(''));
}

/** The model as it is written where it is called: `this.target`. */
function nameOf(trace: Trace, { visits }: Step, model: ModelFact): string | undefined {
  const visit = visits.find((one) => one.model === model);
  const written = visit === undefined ? null : /^([\w$.!]+?)!?\.(?:apply|predict|call)\s*\(/.exec(trace.text(visit.at));
  const name = written?.[1];
  return name === undefined || name.length > 30 ? undefined : name;
}

const argumentsFor = (api: string, given: number): string =>
  api === 'minimize' ? (given === 1 ? 'minimize(f, false, ' : 'minimize(f, cost, ') : `${api}(f, `;

const listOf = (name: string, cast: string): string => `${name}.trainableWeights.map((weight) => weight.read()${cast})`;

/** The list of the one model that is left; none where variables of no model are to train as well. */
function fixesFor(trace: Trace, step: Step, rest: readonly ModelFact[]): readonly Fix[] {
  const [model, ...more] = rest;
  const name = model === undefined || more.length > 0 ? undefined : nameOf(trace, step, model);
  const { at, region } = step.fact;
  const given = argumentsOf(trace, at)?.length;
  if (name === undefined || given === undefined || step.hasOwnVariables) return [];
  const cast = /\.[cm]?tsx?$/.test(at.file) ? ' as tf.Variable' : '';
  if (cast !== '' && !/\btf\b/.test(trace.source(at.file))) return [];
  const skipped = region.api === 'minimize' && given === 1 ? 'false, ' : '';
  if (given > (region.api === 'minimize' ? 2 : 1)) return [];
  const edit = appendArgument(trace, at, `${skipped}${listOf(name, cast)}`);
  return edit === undefined
    ? []
    : [{ title: `Train ${name} alone (the other model is not moved)`, safe: false, edits: [edit] }];
}

import type { ForEachStatement, ForStatement, WhileStatement } from '../../program/nodes';
import { isPoly, symbol } from '../../shapes/dim';
import type { Fact, Place, ReasonFact } from '../../trace/facts';
import { LIMITS } from '../budget';
import type { Delta, Mutable } from '../effects/journal';
import { forkCompletions, tryPath } from '../effects/paths';
import { type Completion, type Interpreter, Thrown } from '../interpreter';
import { Scope, Variable } from '../scope';
import { awaited } from '../values/convert';
import { type Elements, elementsOf, iterationOf, type Steps, stepsOfList, withMaybe } from '../values/elements';
import { joinAll, joinHosts } from '../values/join';
import { findProperty, isSecret, lineOf, openingOf } from '../values/properties';
import {
  ArrayValue,
  HostObject,
  inKeyOrder,
  isUnknown,
  ObjectValue,
  optionsOf,
  type Property,
  truth,
  UnionValue,
  UnknownNumber,
  UnknownValue,
  type Value,
} from '../values/values';
import { evaluate, waitFor } from './expressions';
import { bindPattern } from './patterns';
import { execute } from './statements';

/** One iteration: what its body completed with, `'done'` where the loop's own test ended it, `'maybe'` where that depends. */
export type Iteration = { readonly go: boolean | undefined; readonly run: () => Completion };

export function runFor(interpreter: Interpreter, node: ForStatement, scope: Scope): Completion {
  const label = takeLabel(interpreter);
  let inner = new Scope(scope, scope.frame);
  if (node.init !== undefined) {
    if (node.init.kind === 'variables') execute(interpreter, node.init, inner);
    else evaluate(interpreter, node.init, inner);
  }
  const fresh = node.init?.kind === 'variables' && node.init.mode === 'let';
  let first = true;
  return iterate(interpreter, interpreter.place(node, scope.frame), label, () => {
    if (!first) {
      // Each iteration of a `let` loop has variables of its own, so closures keep theirs.
      if (fresh) inner = copyOf(inner, scope);
      if (node.update !== undefined) evaluate(interpreter, node.update, inner);
    }
    first = false;
    const go = node.test === undefined ? true : truth(evaluate(interpreter, node.test, inner));
    return { go, run: () => execute(interpreter, node.body, inner) };
  });
}

/** The label that stands right in front of this loop. */
export function takeLabel(interpreter: Interpreter): string | undefined {
  const { label } = interpreter;
  interpreter.label = undefined;
  return label;
}

export function copyOf(inner: Scope, parent: Scope): Scope {
  const copy = new Scope(parent, inner.frame);
  for (const [name, variable] of inner.variables)
    copy.variables.set(name, new Variable(name, variable.value, variable.ready));
  return copy;
}

export function runWhile(interpreter: Interpreter, node: WhileStatement, scope: Scope): Completion {
  const label = takeLabel(interpreter);
  let first = true;
  return iterate(interpreter, interpreter.place(node, scope.frame), label, () => {
    const untested = first && node.kind === 'doWhile';
    first = false;
    const go = untested ? true : truth(evaluate(interpreter, node.test, scope));
    return { go, run: () => execute(interpreter, node.body, scope) };
  });
}

export function runForEach(interpreter: Interpreter, node: ForEachStatement, scope: Scope): Completion {
  const label = takeLabel(interpreter);
  const at = interpreter.place(node.iterable, scope.frame);
  const value = evaluate(interpreter, node.iterable, scope);
  const steps = stepsOf(interpreter, node, value, at);
  /** Whether the iterator said that it is at its end. */
  let ended = false as boolean | undefined;
  const close = (): void => {
    if (ended === undefined) tryPath(interpreter, () => steps.close?.(true));
    else steps.close?.(!ended);
  };
  const run = (): Completion =>
    iterate(interpreter, interpreter.place(node, scope.frame), label, () => {
      const { go, element } = steps.next();
      ended = go === undefined ? undefined : !go;
      return {
        go,
        run: () => {
          const inner = new Scope(scope, scope.frame);
          const value = node.awaits === true ? waitFor(interpreter, element, at, scope) : element;
          bindPattern(interpreter, node.pattern, value, node.mode === undefined ? scope : inner, node.mode);
          return execute(interpreter, node.body, inner);
        },
      };
    });
  if (steps.close === undefined) return run();
  const start = interpreter.pending.length;
  let completion: Completion;
  try {
    completion = interpreter.journal.apart(run);
  } catch (error) {
    if (error instanceof Thrown) close();
    throw error;
  }
  // Where it may have been left before its end, so it may have been closed.
  if (interpreter.pending.length > start && ended === true) tryPath(interpreter, () => steps.close?.(true));
  else close();
  return completion;
}

/** The elements one after the other, as they are when the loop comes to them. */
function stepsOf(interpreter: Interpreter, node: ForEachStatement, value: Value, at: Place): Steps {
  if (node.kind === 'forOf' && value instanceof ArrayValue) return stepsOfList(value);
  if (node.kind === 'forOf') {
    const steps = iterationOf(interpreter, value, at);
    if (steps !== undefined) return steps;
  }
  const { elements, rest } = iterated(interpreter, node, value, at);
  const keys = node.kind === 'forIn' && value instanceof ObjectValue ? value : undefined;
  let next = 0;
  return {
    next: () => {
      // A key that was deleted meanwhile is passed over.
      while (keys !== undefined && next < elements.length && findProperty(keys, String(elements[next])) === undefined)
        next += 1;
      const i = next;
      next += 1;
      const known = i < elements.length;
      return { go: known ? true : rest === undefined ? false : undefined, element: known ? elements[i] : rest };
    },
  };
}

/** What a loop goes through: of a promise, what it settles to. */
export function iterated(interpreter: Interpreter, { kind }: ForEachStatement, value: Value, at: Place): Elements {
  const list = awaited(value);
  return kind === 'forIn' ? keysOf(interpreter, list, at) : elementsOf(interpreter, list, at, 'iteration');
}

function keysOf(interpreter: Interpreter, value: Value, at: Place): Elements {
  if (value instanceof ObjectValue) {
    const seen = new Map<string, Property>();
    for (const level of [value, ...lineOf(value)])
      for (const [key, property] of inKeyOrder([...level.properties]))
        if (!seen.has(key) && !isSecret(key)) seen.set(key, property);
    const entries = [...seen].filter(([, { hidden }]) => hidden !== true);
    return withMaybe(entries, ([key]) => key, openingOf(value)?.member('[key]'));
  }
  if (value instanceof ArrayValue) {
    return {
      elements: Object.keys(value.elements),
      rest:
        value.rest === undefined
          ? undefined
          : interpreter.unknown('runtime-data', at, 'an index of a list of unknown length'),
    };
  }
  if (typeof value === 'string') return { elements: Object.keys(value), rest: undefined };
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean')
    return { elements: [], rest: undefined };
  return {
    elements: [],
    rest: isUnknown(value) ? value.member('[key]') : interpreter.unknown('unsupported', at, 'the keys are not known'),
  };
}

/** Whether a body trains or runs a model, rather than builds one: then its iterations are alike. */
export function runsModels(facts: readonly Fact[]): boolean {
  return facts.some(({ kind }) => RUNS.has(kind)) && !facts.some(({ kind }) => kind === 'layerMade');
}

const RUNS: ReadonlySet<Fact['kind']> = new Set(['train', 'gradientRegion', 'infer', 'modelCall']);

function whyNoFurther(go: boolean | undefined, limit: number): string {
  if (go === undefined) return 'a loop whose number of iterations is not known';
  if (limit === LIMITS.unrollTraining)
    return 'a loop that runs a model: its further iterations are taken to be like the first';
  return `a loop of more than ${LIMITS.unroll} iterations`;
}

/**
 * Unrolls while the test is known, then generalises what is left.
 * @param ready an iteration that is begun already, where nothing is to be unrolled
 */
export function iterate(
  interpreter: Interpreter,
  at: Place,
  label: string | undefined,
  next: () => Iteration,
  ready?: Iteration & { readonly limit: number },
): Completion {
  const start = interpreter.pending.length;
  const seen = interpreter.facts.length;
  let limit: number = LIMITS.unroll;
  try {
    return interpreter.within({ looped: true }, () => {
      if (ready !== undefined)
        return generalise(interpreter, at, label, whyNoFurther(ready.go, ready.limit), next, ready.run);
      for (let i = 0; ; i += 1) {
        const { go, run } = next();
        if (go === false) return undefined;
        if (go === undefined || i >= limit)
          return generalise(interpreter, at, label, whyNoFurther(go, limit), next, run);
        const completion = run();
        const left = leave(completion, label);
        if (left !== undefined) return left.completion;
        settle(interpreter, start, 'continue', label);
        if (i === 0 && runsModels(interpreter.facts.slice(seen))) limit = LIMITS.unrollTraining;
        if (interpreter.pending.length - start >= LIMITS.unrollLeaving) limit = Math.min(limit, i);
      }
    });
  } finally {
    settle(interpreter, start, 'break', label);
  }
}

/** Looks at a loop body whose variables change from one iteration to the next; what still changes then is not known. */
const MAX_LOOKS = 3;

/**
 * The iterations of which no number is known: the body runs once from here, and again from the state that holds after none
 * or one of them. What still changes then is widened to what holds of all that was seen (a tensor keeps the sizes that stay),
 * and the body runs from there, until nothing changes or it is given up as unknown.
 */
function generalise(
  interpreter: Interpreter,
  at: Place,
  label: string | undefined,
  text: string,
  next: () => Iteration,
  run: () => Completion,
): Completion {
  const start = interpreter.pending.length;
  const once = (body: () => Completion): Completion =>
    forkCompletions(interpreter, [
      () => {
        const completion = body();
        settle(interpreter, start, 'continue', label);
        return leave(completion, label)?.completion;
      },
      () => undefined,
    ]);
  const completion = once(run);
  // Within a look at another loop, or while one waits, fewer have to do: they multiply with every loop inside.
  const looks = interpreter.waits > 0 ? 1 : interpreter.muted > 0 ? MAX_LOOKS - 1 : MAX_LOOKS;
  let looked: readonly Fact[] = [];
  for (let look = 1; look <= looks; look += 1) {
    interpreter.muted += 1;
    if (interpreter.muted === 1) interpreter.looked = [];
    let delta: Delta = new Map();
    try {
      delta = interpreter.journal.speculate(() => {
        const { run: again } = next();
        once(again);
      }).delta;
    } finally {
      looked = interpreter.looked ?? [];
      if (interpreter.muted === 1) interpreter.looked = undefined;
      interpreter.muted -= 1;
    }
    let further = false;
    for (const [mutable, state] of delta)
      further = widen(interpreter, mutable, state, at, text, look === looks) || further;
    if (!further) break;
  }
  if (interpreter.muted === 0) tellLooked(interpreter, looked);
  return completion;
}

/** In a further iteration a call gives sizes of which less is known than in the first: that is told, too. */
function tellLooked(interpreter: Interpreter, looked: readonly Fact[]): void {
  for (const fact of looked) {
    if (fact.kind !== 'op' && fact.kind !== 'layerCall') continue;
    const isVague = fact.outputs.some(({ shape }) => shape === null || shape.some(({ dim }) => dim === '?'));
    if (isVague) interpreter.facts.push({ ...fact, certain: false });
  }
}

/** @returns whether it is now what a further look may show to be too narrow */
function widen(
  interpreter: Interpreter,
  mutable: Mutable,
  state: unknown,
  at: Place,
  text: string,
  last: boolean,
): boolean {
  if (mutable instanceof Variable) {
    const { value } = state as { value: Value };
    if (covers(mutable.value, value)) return false;
    const reason = interpreter.reason('loop', at, text);
    const wider = last ? undefined : widened(mutable.value, value, reason);
    interpreter.touch(mutable);
    mutable.value = wider ?? new UnknownValue(reason, undefined, symbol);
    if (wider === undefined) interpreter.stop(reason);
    return wider !== undefined;
  }
  const reason = interpreter.reason('loop', at, text);
  if (mutable instanceof ArrayValue) {
    const { elements, rest } = state as { elements: Value[]; rest: Value };
    const shared = Math.min(elements.length, mutable.elements.length);
    const before = mutable.snapshot();
    interpreter.touch(mutable);
    for (let i = 0; i < shared; i += 1) mutable.elements[i] = orLost(before.elements[i], elements[i], reason);
    if (elements.length === before.elements.length && rest === before.rest) return false;
    const further = [...elements.slice(shared), ...before.elements.slice(shared), rest, before.rest].filter(
      (v) => v !== undefined,
    );
    mutable.elements.length = shared;
    if (further.length > 0) mutable.rest = joinAll(further);
  } else if (mutable instanceof ObjectValue) {
    const { properties } = state as { properties: ReadonlyMap<string, Property> };
    const before = new Map(mutable.properties);
    interpreter.journal.blend(new Map([[mutable, state]]));
    for (const [key, property] of properties) {
      const known = before.get(key);
      if (known === undefined || property.getter !== undefined || covers(known.value, property.value)) continue;
      mutable.properties.set(key, { ...property, value: orLost(known.value, property.value, reason) });
    }
  } else {
    const before = mutable.snapshot();
    interpreter.journal.blend(new Map([[mutable, state]]));
    (mutable as Widened).widen?.(before as never, state as never, reason);
  }
  return false;
}

/** What is told what a further iteration makes of it. */
interface Widened {
  widen?(before: never, after: never, reason: ReasonFact): void;
}

/** A value that a further iteration changes once more: of texts and numbers nobody knows which they are in the end. */
export function orLost(a: Value, b: Value, reason: ReasonFact): Value {
  if (covers(a, b)) return a;
  const both = [...optionsOf(a), ...optionsOf(b)];
  if (both.every((one) => typeof one === 'number' || isPoly(one))) return new UnknownNumber(reason);
  if (both.some((one) => typeof one === 'number' || typeof one === 'string')) return new UnknownValue(reason);
  return joinAll(both);
}

/** Tensors as one of which the sizes are known that stay; undefined for what cannot be put in one. */
function widened(a: Value, b: Value, reason: ReasonFact): Value | undefined {
  const options = [...new Set([...optionsOf(a), ...optionsOf(b)])];
  if (!options.every((option) => option instanceof HostObject || option === undefined || option === null))
    return undefined;
  const fewer = joinHosts(options, reason);
  if (fewer === options) return undefined;
  return fewer.length === 1 ? fewer[0] : new UnionValue(fewer);
}

/** Whether every alternative of `b` is one of `a`'s, or like one that stands for several. */
function covers(a: Value, b: Value): boolean {
  const before = optionsOf(a);
  return optionsOf(b).every(
    (option) =>
      before.includes(option) ||
      (isUnknown(option) && before.some(isUnknown)) ||
      (option instanceof HostObject && before.some((one) => one instanceof HostObject && one.covers(option))),
  );
}

/** What leaves the loop altogether: a return, or a jump past it. A plain `break` ends it normally. */
export function leave(
  completion: Completion,
  label: string | undefined,
): { readonly completion: Completion } | undefined {
  if (completion === undefined) return undefined;
  if (completion.kind === 'break') return { completion: isOwn(completion.label, label) ? undefined : completion };
  if (completion.kind === 'continue') return isOwn(completion.label, label) ? undefined : { completion };
  return { completion };
}

/** Whether a jump with this label (or none) means the loop that has `label`. */
function isOwn(jump: string | undefined, label: string | undefined): boolean {
  return jump === undefined || jump === label;
}

/** Ways out that waited and lead to here: the state after is either's. */
export function settle(
  interpreter: Interpreter,
  start: number,
  kind: 'break' | 'continue',
  label: string | undefined,
  labeledOnly = false,
): void {
  for (const exit of interpreter.pending.splice(start)) {
    const isHere =
      exit.completion.kind === kind &&
      (labeledOnly ? exit.completion.label === label : isOwn(exit.completion.label, label));
    if (isHere) interpreter.journal.rejoin(exit);
    else interpreter.pending.push(exit);
  }
}

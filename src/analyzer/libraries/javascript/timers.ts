/** Functions that have others called later. */
import { LIMITS } from '../../interpreter/budget';
import type { Interpreter } from '../../interpreter/interpreter';
import { type Call, FunctionValue, NativeFunction, type Value } from '../../interpreter/values/values';
import { attempt, enqueue, listen, startTimer } from '../../interpreter/waiting/promises';

type Native = (call: Call) => Value;

/** A call of the callback from a stack that is empty. What it throws ends nothing else. */
function callOf(interpreter: Interpreter, { args: [callback], at }: Call, given: readonly Value[]): () => void {
  const around = interpreter.detached();
  return () =>
    around(() =>
      attempt(
        () => void interpreter.call(callback, given, at),
        () => {},
      ),
    );
}

/** Whether it waits for its turn again and again, from within its own call: nobody knows how often. */
function isEndless({ interpreter, args: [callback] }: Call): boolean {
  if (!(callback instanceof FunctionValue)) return false;
  const { node } = callback;
  const within = interpreter.active.filter((active) => active === node).length;
  return within >= LIMITS.callbacks || interpreter.turnsOf(node) >= LIMITS.unroll;
}

const once =
  (delayOf: (args: readonly Value[]) => Value): Native =>
  (call) => {
    const { interpreter, args } = call;
    if (isEndless(call)) return often(call);
    const delay = delayOf(args);
    startTimer(interpreter, {
      delay: typeof delay === 'number' ? Math.max(delay, 1) : undefined,
      run: callOf(interpreter, call, args.slice(2)),
    });
    return undefined;
  };

/** Called whenever it is time, with what nobody in view gives. */
const often: Native = ({ interpreter, args, at }) => {
  listen(interpreter, { run: () => interpreter.visitCallbacks(args, at) });
  return undefined;
};

const soon: Native = (call) => {
  const { interpreter } = call;
  if (isEndless(call)) return often(call);
  enqueue(interpreter, callOf(interpreter, call, []));
  return undefined;
};

export const timers: readonly (readonly [string, Value])[] = Object.entries({
  setTimeout: once(([, delay]) => delay ?? 0),
  setImmediate: once(() => undefined),
  setInterval: often,
  requestAnimationFrame: often,
  requestIdleCallback: often,
  queueMicrotask: soon,
  clearTimeout: () => undefined,
  clearInterval: () => undefined,
  cancelAnimationFrame: () => undefined,
} satisfies Record<string, Native>).map(([name, call]) => [name, new NativeFunction(name, call)]);

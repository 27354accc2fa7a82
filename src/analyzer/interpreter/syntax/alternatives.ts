import type { Interpreter } from '../interpreter';

/**
 * Runs paths of which the program takes one (an argument or receiver is one of several values): what one of them allows is
 * no error, so refusals stay only where every path meets one.
 * @param run evaluates the paths that it is given, each once, in order
 */
export function tolerating<T, R>(
  interpreter: Interpreter,
  paths: readonly (() => T)[],
  run: (paths: readonly (() => T)[]) => R,
): R {
  const { facts } = interpreter;
  const segments: { readonly start: number; readonly end: number }[] = [];
  const result = run(
    paths.map((path) => () => {
      const start = facts.length;
      try {
        return path();
      } finally {
        segments.push({ start, end: facts.length });
      }
    }),
  );
  const refused = segments.filter(({ start, end }) => facts.slice(start, end).some((f) => f.kind === 'refusal'));
  if (refused.length < segments.length) {
    for (const { start, end } of refused.reverse()) {
      const kept = facts.slice(start, end).filter((f) => f.kind !== 'refusal');
      facts.splice(start, end - start, ...kept);
    }
  }
  return result;
}

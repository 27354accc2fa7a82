import { type ProgramNode, visit } from '../../program/walk';

const KNOWN = new WeakMap<ProgramNode, boolean>();

/** Whether a piece of code may wait for a promise, or for whoever asks a generator for more; what stands in functions within it does not count. */
export function awaits(node: ProgramNode): boolean {
  let known = KNOWN.get(node);
  if (known === undefined) {
    let found = false;
    visit(node, (inner) => {
      if (inner.kind === 'await' || inner.kind === 'yield' || (inner.kind === 'forOf' && inner.awaits === true))
        found = true;
      return !found && inner.kind !== 'function';
    });
    known = found;
    KNOWN.set(node, known);
  }
  return known;
}

import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import type { Range } from '../../../src/analyzer/program/nodes';
import { children, type ProgramNode, visit } from '../../../src/analyzer/program/walk';

const code = `
  import a from 'a';
  export const { b = 1, [c]: [d, ...e] } = { f, ...g, get h() { return this }, [i]: async () => \`\${j}\` };
  class K extends L { static { m } #n = o; constructor(p = q) { super(p) } }
  for (const r of s) for (let t = 0; t < u; t++) for (v.w in x) while (y) do z++; while (aa);
  try { switch (ab) { case ac: ad; default: ae } } catch (af) { throw ag } finally { ah: break ah }
  enum Ai { aj = 1 } namespace Ak { if (al) am; else an }
  function* ao() { yield ap?.[aq](ar, ...as); return (at, -au as Av) }
  export default [aw, , ax ? ay && az : ba + bb, tag\`\${bc}\`, new Bd(), import('be'), (bf += await bg)];
`;

/** Every object with a kind and a range that can be reached through properties: what the walk has to find as well. */
function reachable(value: unknown, found = new Set<Range>()): Set<Range> {
  if (Array.isArray(value)) for (const item of value) reachable(item, found);
  else if (typeof value === 'object' && value !== null) {
    if ('kind' in value && 'start' in value && 'end' in value) found.add(value as unknown as Range);
    for (const item of Object.values(value)) reachable(item, found);
  }
  return found;
}

describe('walking the tree', () => {
  it('meets every node once, parents before children', () => {
    const { body, problems } = parse('file.tsx', code);
    expect(problems).toEqual([]);
    const met = new Set<ProgramNode>();
    visit(body, (node) => {
      expect(met.has(node)).toBe(false);
      for (const child of children(node)) expect(met.has(child)).toBe(false);
      met.add(node);
    });
    expect(met).toEqual(reachable(body));
    expect(met.size).toBeGreaterThan(100);
  });

  it('meets names in the order in which they stand', () => {
    const met: number[] = [];
    visit(parse('file.tsx', code).body, (node) => {
      if (node.kind === 'identifier') met.push(node.start);
    });
    expect(met).toEqual([...met].sort((a, b) => a - b));
  });

  it('passes over the children of a node for which the visitor says false', () => {
    const kinds: string[] = [];
    visit(parse('file.ts', 'a; function f() { b } c').body, (node) => {
      kinds.push(node.kind);
      return node.kind !== 'functionDeclaration';
    });
    expect(kinds).toEqual(['expression', 'identifier', 'functionDeclaration', 'expression', 'identifier']);
  });

  it('does not recurse', () => {
    let count = 0;
    visit(parse('file.ts', `x${'.add(1)'.repeat(50_000)}`).body, () => {
      count++;
    });
    expect(count).toBe(1 + 1 + 3 * 50_000);
  });
});

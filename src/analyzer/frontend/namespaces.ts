import type { NamespaceStatement, Statement } from '../program/nodes';
import { type Context, rangeOf } from './context';
import { convertStatements } from './statements';
import { ts } from './typescript';

/** `namespace A.B { … }` is a namespace A that exports a namespace B. A quoted name is another module's typing. */
export function convertNamespace(
  context: Context,
  node: ts.ModuleDeclaration,
  exported: boolean,
): NamespaceStatement | undefined {
  const { start, end } = rangeOf(context, node);
  const { name, body } = node;
  if (!ts.isIdentifier(name) || !body) return undefined;
  let statements: readonly Statement[] = [];
  if (ts.isModuleBlock(body)) {
    statements = convertStatements(context, body.statements);
  } else if (ts.isModuleDeclaration(body)) {
    const inner = convertNamespace(context, body, true);
    if (inner) statements = [inner];
  }
  return { kind: 'namespace', start, end, name: name.text, body: statements, exported };
}

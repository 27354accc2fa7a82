/** Imports and exports. What is there for types only is left out. */
import type { Expression, ImportStatement, Statement } from '../program/nodes';
import { type Context, rangeOf } from './context';
import { convertExpression } from './expressions';
import { hasModifier } from './functions';
import { lendDocs, withDocType } from './jsdoc';
import { ts } from './typescript';

type Statements = Statement | readonly Statement[];

const none: readonly Statement[] = [];

/** The literal specifier of a module, noted as one of the file's imports. */
function sourceOf(context: Context, specifier: ts.Expression | undefined): string | undefined {
  if (!specifier || !ts.isStringLiteralLike(specifier)) return undefined;
  context.imports.add(specifier.text);
  return specifier.text;
}

export function convertImportDeclaration(
  context: Context,
  node: ts.ImportDeclaration,
  start: number,
  end: number,
): Statements {
  const clause = node.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return none;
  const bindings = clause?.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
  const names: { imported: string; local: string }[] = [];
  if (clause?.name) names.push({ imported: 'default', local: clause.name.text });
  for (const { isTypeOnly, propertyName, name } of elements ?? []) {
    if (!isTypeOnly) names.push({ imported: (propertyName ?? name).text, local: name.text });
  }
  if (names.length === 0 && elements && elements.length > 0) return none;
  const source = sourceOf(context, node.moduleSpecifier);
  if (source === undefined) return none;
  const namespace = bindings && ts.isNamespaceImport(bindings) ? bindings.name.text : undefined;
  return { kind: 'importDeclaration', start, end, source, namespace, names };
}

/** `import a = require('b')` imports a namespace; `import a = b.c` is a constant. */
export function convertImportEquals(
  context: Context,
  node: ts.ImportEqualsDeclaration,
  start: number,
  end: number,
): Statements {
  if (node.isTypeOnly) return none;
  const exported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
  const local = node.name.text;
  const nameRange = rangeOf(context, node.name);
  const reference = node.moduleReference;
  if (!ts.isExternalModuleReference(reference)) {
    const pattern = { kind: 'identifierPattern', ...nameRange, name: local } as const;
    const value = entityExpression(context, reference);
    const declaration = { kind: 'declaration', start: nameRange.start, end: value.end, pattern, value } as const;
    return { kind: 'variables', start, end, mode: 'const', declarations: [declaration], exported };
  }
  const source = sourceOf(context, reference.expression);
  if (source === undefined) return none;
  const statement: ImportStatement = { kind: 'importDeclaration', start, end, source, namespace: local, names: [] };
  if (!exported) return statement;
  return [statement, { kind: 'exportNames', start, end, source: undefined, names: [{ local, exported: local }] }];
}

function entityExpression(context: Context, name: ts.EntityName): Expression {
  const { start, end } = rangeOf(context, name);
  if (ts.isIdentifier(name)) return { kind: 'identifier', start, end, name: name.text };
  const object = entityExpression(context, name.left);
  const propertyRange = rangeOf(context, name.right);
  return { kind: 'member', start, end, object, property: name.right.text, propertyRange, optional: false };
}

export function convertExportDeclaration(
  context: Context,
  node: ts.ExportDeclaration,
  start: number,
  end: number,
): Statements {
  if (node.isTypeOnly) return none;
  const { exportClause } = node;
  const elements = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : undefined;
  const names = (elements ?? [])
    .filter((element) => !element.isTypeOnly)
    .map(({ propertyName, name }) => ({ local: (propertyName ?? name).text, exported: name.text }));
  if (elements && elements.length > 0 && names.length === 0) return none;
  const source = sourceOf(context, node.moduleSpecifier);
  if (elements) return { kind: 'exportNames', start, end, source, names };
  if (source === undefined) return none;
  const as = exportClause && ts.isNamespaceExport(exportClause) ? exportClause.name.text : undefined;
  return { kind: 'exportAll', start, end, source, as };
}

export function convertExportAssignment(
  context: Context,
  node: ts.ExportAssignment,
  start: number,
  end: number,
): Statements {
  lendDocs(context, node, node.expression);
  const value = withDocType(context, node, convertExpression(context, node.expression));
  return { kind: 'exportDefault', start, end, value };
}

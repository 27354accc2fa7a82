/** Imports and exports. What is there for types only is an alias of the type, as `import("module").Name` writes it. */
import type { Expression, ImportStatement, Statement, TypeStatement } from '../program/nodes';
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
  const bindings = clause?.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
  const names: { imported: string; local: string }[] = [];
  const types: TypeStatement[] = [];
  const onlyTypes = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const source = sourceOf(context, node.moduleSpecifier);
  if (source === undefined) return none;
  if (clause?.name && !onlyTypes) names.push({ imported: 'default', local: clause.name.text });
  for (const { isTypeOnly, propertyName, name } of elements ?? []) {
    const imported = (propertyName ?? name).text;
    if (isTypeOnly || onlyTypes) types.push(typeAlias(name.text, source, imported, start, end));
    else names.push({ imported, local: name.text });
  }
  if (onlyTypes) {
    const whole = bindings && ts.isNamespaceImport(bindings) ? bindings.name : clause?.name;
    return whole === undefined ? types : [...types, namespaceAlias(whole.text, source, start, end)];
  }
  if (names.length === 0 && elements && elements.length > 0) return types;
  const namespace = bindings && ts.isNamespaceImport(bindings) ? bindings.name.text : undefined;
  return [{ kind: 'importDeclaration', start, end, source, namespace, names }, ...types];
}

function typeAlias(name: string, source: string, exported: string, start: number, end: number): TypeStatement {
  const type = { kind: 'name', name: `import(${JSON.stringify(source)}).${exported}`, args: [] } as const;
  return { kind: 'type', start, end, name, type };
}

/** `import type * as tf from 'module'`: what `typeof tf` says of a value. */
function namespaceAlias(name: string, source: string, start: number, end: number): TypeStatement {
  const type = { kind: 'name', name: `typeof import(${JSON.stringify(source)})`, args: [] } as const;
  return { kind: 'type', start, end, name, type };
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
  const { exportClause } = node;
  const elements = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : undefined;
  const source = sourceOf(context, node.moduleSpecifier);
  const all = (elements ?? []).map(({ propertyName, name, isTypeOnly }) => ({
    local: (propertyName ?? name).text,
    exported: name.text,
    isType: isTypeOnly || node.isTypeOnly,
  }));
  const types = all.flatMap(({ local, exported, isType }) =>
    isType && source !== undefined ? [typeAlias(exported, source, local, start, end)] : [],
  );
  const names = all.filter(({ isType }) => !isType).map(({ local, exported }) => ({ local, exported }));
  if (node.isTypeOnly || (elements && elements.length > 0 && names.length === 0)) return types;
  if (elements) return [{ kind: 'exportNames', start, end, source, names }, ...types];
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

import type { BlockStatement, Declaration, Expression, Statement, TypeNode, VariableStatement } from '../program/nodes';
import { convertClass } from './classes';
import { type Context, errorNode, rangeOf, startOf } from './context';
import { convertIteration } from './downlevel/iteration';
import { bare, helperNamed } from './downlevel/names';
import { convertExpression } from './expressions';
import { convertFunction, hasModifier } from './functions';
import { docTypedefs, docTypeOf, lendDocs } from './jsdoc';
import {
  convertExportAssignment,
  convertExportDeclaration,
  convertImportDeclaration,
  convertImportEquals,
} from './modules';
import { convertNamespace } from './namespaces';
import { convertBinding, convertTarget } from './patterns';
import { convertType, typeMembers } from './types';
import { ts } from './typescript';

const K = ts.SyntaxKind;

/** A statement can become none (`import type`, an overload) or several (`export import a = require('b')`). */
type Convert = (context: Context, node: ts.Statement, start: number, end: number) => Statement | readonly Statement[];

const table: (Convert | undefined)[] = [];

function row<N extends ts.Statement>(
  kind: N['kind'],
  convert: (context: Context, node: N, start: number, end: number) => Statement | readonly Statement[],
): void {
  table[kind] = convert as Convert;
}

const none: readonly Statement[] = [];

export function convertStatements(context: Context, nodes: readonly ts.Statement[]): Statement[] {
  const body: Statement[] = [];
  for (const node of nodes) {
    body.push(...docTypedefs(context, node));
    const converted = convert(context, node);
    if (isList(converted)) body.push(...converted);
    else body.push(converted);
  }
  return body;
}

function isList(converted: Statement | readonly Statement[]): converted is readonly Statement[] {
  return Array.isArray(converted);
}

function convert(context: Context, node: ts.Statement): Statement | readonly Statement[] {
  const start = startOf(context, node);
  return table[node.kind]?.(context, node, start, Math.max(start, node.end)) ?? none;
}

/** A statement where one has to be: the body of a loop or branch. */
function convertStatement(context: Context, node: ts.Statement): Statement {
  const { start, end } = rangeOf(context, node);
  const converted = convert(context, node);
  if (!isList(converted)) return converted;
  const [only] = converted;
  return only && converted.length === 1 ? only : { kind: 'block', start, end, body: converted };
}

export function convertBlock(context: Context, node: ts.Block): BlockStatement {
  const { start, end } = rangeOf(context, node);
  return { kind: 'block', start, end, body: convertStatements(context, node.statements) };
}

// ---------------------------------------------------------------- declarations

function isExported(node: ts.Node): boolean {
  return hasModifier(node, K.ExportKeyword);
}

function isAmbient(node: ts.Node): boolean {
  return hasModifier(node, K.DeclareKeyword);
}

function modeOf(list: ts.VariableDeclarationList): VariableStatement['mode'] {
  const flags = list.flags & ts.NodeFlags.BlockScoped;
  if (flags === ts.NodeFlags.Const) return 'const';
  if (flags === ts.NodeFlags.Let) return 'let';
  return flags === 0 ? 'var' : 'using';
}

function convertDeclarations(
  context: Context,
  list: ts.VariableDeclarationList,
  docType: TypeNode | undefined,
): Declaration[] {
  return list.declarations.map((node) => {
    const { start, end } = rangeOf(context, node);
    lendDocs(context, node, node.initializer);
    const type = node.type ? convertType(node.type, context.source) : (docTypeOf(context, node) ?? docType);
    const pattern = convertBinding(context, node.name, undefined, type);
    const helper = node.initializer && helperNamed(node.name, bare(node.initializer));
    const value = helper
      ? ({ kind: 'identifier', start, end: start, name: helper } as const)
      : node.initializer && convertExpression(context, node.initializer);
    return { kind: 'declaration', start, end, pattern, value };
  });
}

row<ts.VariableStatement>(K.VariableStatement, (context, node, start, end) => {
  const { declarationList: list } = node;
  lendDocs(context, node, list.declarations[0]?.initializer);
  const ambient = isAmbient(node) ? ({ ambient: true } as const) : {};
  const declarations = convertDeclarations(context, list, docTypeOf(context, node));
  return { kind: 'variables', start, end, mode: modeOf(list), declarations, exported: isExported(node), ...ambient };
});

row<ts.FunctionDeclaration>(K.FunctionDeclaration, (context, node, start, end) => {
  if (!node.body) return isAmbient(node) ? ambientFunction(context, node, start, end) : none;
  const helper = helperNamed(node.name, undefined);
  if (helper && node.name) {
    const value = { kind: 'identifier', start, end: start, name: helper } as const;
    const pattern = convertBinding(context, node.name);
    const declarations = [{ kind: 'declaration', start, end, pattern, value } as const];
    return { kind: 'variables', start, end, mode: 'var', declarations, exported: isExported(node) };
  }
  const value = convertFunction(context, node);
  if (hasModifier(node, K.DefaultKeyword)) return { kind: 'exportDefault', start, end, value };
  return { kind: 'functionDeclaration', start, end, function: value, exported: isExported(node) };
});

/** `declare function f(…): T` is a constant of which only the type is known. */
function ambientFunction(
  context: Context,
  node: ts.FunctionDeclaration,
  start: number,
  end: number,
): Statement | readonly Statement[] {
  if (!node.name) return none;
  const returns = node.type && convertType(node.type, context.source);
  const pattern = convertBinding(context, node.name, undefined, { kind: 'function', returns });
  const declaration: Declaration = { kind: 'declaration', start, end, pattern, value: undefined };
  const exported = isExported(node);
  return { kind: 'variables', start, end, mode: 'const', declarations: [declaration], exported, ambient: true };
}

row<ts.ClassDeclaration>(K.ClassDeclaration, (context, node, start, end) => {
  // Its methods have no bodies, so nothing is known but that the name exists elsewhere.
  if (isAmbient(node)) return none;
  const value = convertClass(context, node);
  if (hasModifier(node, K.DefaultKeyword)) return { kind: 'exportDefault', start, end, value };
  return { kind: 'classDeclaration', start, end, class: value, exported: isExported(node) };
});

row<ts.TypeAliasDeclaration>(K.TypeAliasDeclaration, (context, node, start, end) => {
  return { kind: 'type', start, end, name: node.name.text, type: convertType(node.type, context.source) };
});

row<ts.InterfaceDeclaration>(K.InterfaceDeclaration, (context, node, start, end) => {
  const members = typeMembers(node.members, context.source);
  const bases = (node.heritageClauses ?? []).flatMap((clause) =>
    clause.types.map((type) => convertType(type, context.source)),
  );
  const type = { kind: 'object', members, ...(bases.length === 0 ? {} : { bases }) } as const;
  return { kind: 'type', start, end, name: node.name.text, type };
});

row<ts.EnumDeclaration>(K.EnumDeclaration, (context, node, start, end) => {
  const members = node.members.flatMap((member) => {
    if (ts.isComputedPropertyName(member.name)) return [];
    const value = member.initializer && convertExpression(context, member.initializer);
    return [{ name: member.name.text, value }];
  });
  return { kind: 'enum', start, end, name: node.name.text, members, exported: isExported(node) };
});

row<ts.ModuleDeclaration>(K.ModuleDeclaration, (context, node) => {
  return isAmbient(node) ? none : (convertNamespace(context, node, isExported(node)) ?? none);
});

row<ts.ImportDeclaration>(K.ImportDeclaration, convertImportDeclaration);
row<ts.ImportEqualsDeclaration>(K.ImportEqualsDeclaration, convertImportEquals);
row<ts.ExportDeclaration>(K.ExportDeclaration, convertExportDeclaration);
row<ts.ExportAssignment>(K.ExportAssignment, convertExportAssignment);

// ---------------------------------------------------------------- control flow

row<ts.ExpressionStatement>(K.ExpressionStatement, (context, node, start, end) => {
  lendDocs(context, node, node.expression);
  return { kind: 'expression', start, end, expression: documentedAssignment(context, node) };
});

/** `/** @type {T} *\/ this.x = value` gives the value its type. */
function documentedAssignment(context: Context, node: ts.ExpressionStatement): Expression {
  const expression = convertExpression(context, node.expression);
  const type = docTypeOf(context, node);
  if (!type || expression.kind !== 'assign') return expression;
  const { value } = expression;
  return { ...expression, value: { kind: 'typed', start: value.start, end: value.end, value, type } };
}

row<ts.Block>(K.Block, convertBlock);

row<ts.IfStatement>(K.IfStatement, (context, node, start, end) => ({
  kind: 'if',
  start,
  end,
  test: convertExpression(context, node.expression),
  // biome-ignore lint/suspicious/noThenProperty: a node, not a function, so nothing can take it for a promise
  then: convertStatement(context, node.thenStatement),
  else: node.elseStatement && convertStatement(context, node.elseStatement),
}));

row<ts.ForStatement>(K.ForStatement, (context, node, start, end) => ({
  kind: 'for',
  start,
  end,
  init: node.initializer && convertForInit(context, node.initializer),
  test: node.condition && convertExpression(context, node.condition),
  update: node.incrementor && convertExpression(context, node.incrementor),
  body: convertStatement(context, node.statement),
}));

function convertForInit(context: Context, node: ts.ForInitializer): VariableStatement | Expression {
  if (!ts.isVariableDeclarationList(node)) return convertExpression(context, node);
  const { start, end } = rangeOf(context, node);
  const declarations = convertDeclarations(context, node, undefined);
  return { kind: 'variables', start, end, mode: modeOf(node), declarations, exported: false };
}

function convertForEach(
  context: Context,
  node: ts.ForOfStatement | ts.ForInStatement,
  start: number,
  end: number,
): Statement {
  const { initializer } = node;
  const kind = ts.isForOfStatement(node) ? 'forOf' : 'forIn';
  const isList = ts.isVariableDeclarationList(initializer);
  const mode = isList ? modeOf(initializer) : undefined;
  const declaration = isList ? convertDeclarations(context, initializer, undefined)[0] : undefined;
  const pattern = declaration?.pattern ?? convertForTarget(context, initializer);
  const iterable = convertExpression(context, node.expression);
  const body = convertStatement(context, node.statement);
  const awaits = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
  return { kind, start, end, mode, pattern, iterable, body, ...(awaits ? { awaits } : {}) };
}

function convertForTarget(context: Context, node: ts.ForInitializer) {
  if (!ts.isVariableDeclarationList(node)) return convertTarget(context, node);
  return { kind: 'targetPattern', ...rangeOf(context, node), target: errorNode(context, node) } as const;
}

row<ts.ForOfStatement>(K.ForOfStatement, convertForEach);
row<ts.ForInStatement>(K.ForInStatement, convertForEach);

row<ts.WhileStatement>(K.WhileStatement, (context, node, start, end) => {
  const test = convertExpression(context, node.expression);
  return { kind: 'while', start, end, test, body: convertStatement(context, node.statement) };
});

row<ts.DoStatement>(K.DoStatement, (context, node, start, end) => {
  const body = convertStatement(context, node.statement);
  return { kind: 'doWhile', start, end, test: convertExpression(context, node.expression), body };
});

row<ts.SwitchStatement>(K.SwitchStatement, (context, node, start, end) => ({
  kind: 'switch',
  start,
  end,
  value: convertExpression(context, node.expression),
  cases: node.caseBlock.clauses.map((clause) => ({
    test: ts.isCaseClause(clause) ? convertExpression(context, clause.expression) : undefined,
    body: convertStatements(context, clause.statements),
  })),
}));

row<ts.TryStatement>(K.TryStatement, (context, node, start, end) => {
  const iteration = convertIteration(context, node);
  if (iteration) return iteration;
  const block = convertBlock(context, node.tryBlock);
  const { catchClause } = node;
  const name = catchClause?.variableDeclaration?.name;
  return {
    kind: 'try',
    start,
    end,
    block,
    handler: catchClause && {
      parameter: name && convertBinding(context, name),
      body: convertBlock(context, catchClause.block),
    },
    finalizer: node.finallyBlock && convertBlock(context, node.finallyBlock),
  };
});

row<ts.ThrowStatement>(K.ThrowStatement, (context, node, start, end) => {
  return { kind: 'throw', start, end, value: convertExpression(context, node.expression) };
});

row<ts.ReturnStatement>(K.ReturnStatement, (context, node, start, end) => {
  return { kind: 'return', start, end, value: node.expression && convertExpression(context, node.expression) };
});

row<ts.BreakStatement>(K.BreakStatement, (_, node, start, end) => {
  return { kind: 'break', start, end, label: node.label?.text };
});

row<ts.ContinueStatement>(K.ContinueStatement, (_, node, start, end) => {
  return { kind: 'continue', start, end, label: node.label?.text };
});

row<ts.LabeledStatement>(K.LabeledStatement, (context, node, start, end) => {
  return { kind: 'labeled', start, end, label: node.label.text, body: convertStatement(context, node.statement) };
});

// What a name means inside `with` cannot be known.
row<ts.WithStatement>(K.WithStatement, (context, node, start, end) => {
  return { kind: 'expression', start, end, expression: errorNode(context, node) };
});

import type { ClassExpression, ClassMember } from '../program/nodes';
import { type Context, rangeOf, startOf, typed } from './context';
import { convertExpression } from './expressions';
import { convertFunction, hasModifier } from './functions';
import { docTypeOf, lendDocs } from './jsdoc';
import { convertKey } from './objects';
import { convertStatements } from './statements';
import { convertType } from './types';
import { ts } from './typescript';

export function convertClass(context: Context, node: ts.ClassLikeDeclaration): ClassExpression {
  const { start, end } = rangeOf(context, node);
  const heritage = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const superclass = heritage && convertExpression(context, heritage.expression);
  const members: ClassMember[] = [];
  for (const element of node.members) {
    const member = convertMember(context, element);
    if (member) members.push(member);
  }
  return { kind: 'class', start, end, name: node.name?.text || undefined, superclass, members };
}

/** Members without a body (overloads, abstract ones, index signatures) say nothing about what the class does. */
function convertMember(context: Context, node: ts.ClassElement): ClassMember | undefined {
  const start = startOf(context, node);
  const end = Math.max(start, node.end);
  const isStatic = hasModifier(node, ts.SyntaxKind.StaticKeyword);
  if (ts.isMethodDeclaration(node) || ts.isGetAccessor(node) || ts.isSetAccessor(node)) {
    if (!node.body) return undefined;
    const kind = ts.isMethodDeclaration(node) ? 'method' : ts.isGetAccessor(node) ? 'getter' : 'setter';
    const key = convertKey(context, node.name);
    return { kind, start, end, key, static: isStatic, value: convertFunction(context, node) };
  }
  if (ts.isConstructorDeclaration(node)) {
    return node.body && { kind: 'constructor', start, end, value: convertFunction(context, node) };
  }
  if (ts.isPropertyDeclaration(node)) {
    if (hasModifier(node, ts.SyntaxKind.AbstractKeyword)) return undefined;
    lendDocs(context, node, node.initializer);
    const type = node.type ? convertType(node.type, context.source) : docTypeOf(context, node);
    const key = convertKey(context, node.name);
    const value = node.initializer && convertExpression(context, node.initializer);
    return { kind: 'field', start, end, key, static: isStatic, value, ...typed(type) };
  }
  if (ts.isClassStaticBlockDeclaration(node)) {
    return { kind: 'staticBlock', start, end, body: convertStatements(context, node.body.statements) };
  }
  return undefined;
}

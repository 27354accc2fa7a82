import type { ObjectExpression, ObjectMember, PropertyKey } from '../program/nodes';
import { type Context, rangeOf, startOf } from './context';
import { convertExpression } from './expressions';
import { convertFunction } from './functions';
import { lendDocs, withDocType } from './jsdoc';
import { ts } from './typescript';

export function convertKey(context: Context, name: ts.PropertyName | ts.Identifier): PropertyKey {
  if (ts.isComputedPropertyName(name)) {
    return { kind: 'computed', expression: convertExpression(context, name.expression) };
  }
  return { kind: 'name', name: keyText(name), range: rangeOf(context, name) };
}

/** A property's name as JavaScript has it: `1e3` is `"1000"`, `1n` is `"1"`. */
function keyText(name: Exclude<ts.PropertyName, ts.ComputedPropertyName>): string {
  if (ts.isNumericLiteral(name)) return String(Number(name.text));
  if (ts.isBigIntLiteral(name)) return name.text.replace(/n$/, '');
  return name.text;
}

export function convertObject(context: Context, node: ts.ObjectLiteralExpression): ObjectExpression {
  const { start, end } = rangeOf(context, node);
  const members: ObjectMember[] = [];
  for (const property of node.properties) {
    const member = convertMember(context, property);
    if (member) members.push(member);
  }
  return { kind: 'object', start, end, members };
}

function convertMember(context: Context, node: ts.ObjectLiteralElementLike): ObjectMember | undefined {
  const start = startOf(context, node);
  const end = Math.max(start, node.end);
  switch (node.kind) {
    case ts.SyntaxKind.PropertyAssignment: {
      const key = convertKey(context, node.name);
      lendDocs(context, node, node.initializer);
      const value = withDocType(context, node, convertExpression(context, node.initializer));
      return { kind: 'property', start, end, key, value, shorthand: false };
    }
    case ts.SyntaxKind.ShorthandPropertyAssignment: {
      const key = convertKey(context, node.name);
      return { kind: 'property', start, end, key, value: convertExpression(context, node.name), shorthand: true };
    }
    case ts.SyntaxKind.SpreadAssignment:
      return { kind: 'spread', start, end, value: convertExpression(context, node.expression) };
    case ts.SyntaxKind.MethodDeclaration: {
      if (!node.body) return undefined;
      const key = convertKey(context, node.name);
      return { kind: 'property', start, end, key, value: convertFunction(context, node), shorthand: false };
    }
    default: {
      const key = convertKey(context, node.name);
      const kind = ts.isGetAccessor(node) ? 'getter' : 'setter';
      return { kind, start, end, key, value: convertFunction(context, node) };
    }
  }
}

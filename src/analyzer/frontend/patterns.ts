/** What stands left of `=`: bindings in declarations and parameters, targets in assignments. */
import type { Expression, Pattern, PropertyKey, Range, TypeNode } from '../program/nodes';
import { type Context, errorNode, rangeOf, startOf, typed } from './context';
import { convertExpression } from './expressions';
import { convertKey } from './objects';
import { ts } from './typescript';

/** A declared name or pattern, with its default value where it has one. */
export function convertBinding(
  context: Context,
  name: ts.BindingName,
  initializer?: ts.Expression,
  type?: TypeNode,
): Pattern {
  const target = convertBindingName(context, name, type);
  return withDefault(context, target, initializer);
}

function withDefault(context: Context, target: Pattern, initializer: ts.Expression | undefined): Pattern {
  if (!initializer) return target;
  const { start } = target;
  const value = convertExpression(context, initializer);
  return { kind: 'defaultPattern', start, end: Math.max(target.end, value.end, initializer.end), target, value };
}

function convertBindingName(context: Context, node: ts.BindingName, type: TypeNode | undefined): Pattern {
  const { start, end } = rangeOf(context, node);
  if (ts.isIdentifier(node)) return { kind: 'identifierPattern', start, end, name: node.text, ...typed(type) };
  let rest: Pattern | undefined;
  if (ts.isArrayBindingPattern(node)) {
    const elements: (Pattern | null)[] = [];
    for (const element of node.elements) {
      if (ts.isOmittedExpression(element)) elements.push(null);
      else if (element.dotDotDotToken) rest = convertBinding(context, element.name);
      else elements.push(convertBinding(context, element.name, element.initializer));
    }
    return { kind: 'arrayPattern', start, end, elements, ...(rest && { rest }), ...typed(type) };
  }
  const properties: { key: PropertyKey; value: Pattern }[] = [];
  for (const element of node.elements) {
    if (element.dotDotDotToken) {
      rest = convertBinding(context, element.name);
      continue;
    }
    const key = elementKey(context, element);
    if (key) properties.push({ key, value: convertBinding(context, element.name, element.initializer) });
  }
  return { kind: 'objectPattern', start, end, properties, ...(rest && { rest }), ...typed(type) };
}

/** `{ key: name }`, or `{ name }`, whose key is the name. Half-typed code may have neither. */
function elementKey(context: Context, element: ts.BindingElement): PropertyKey | undefined {
  if (element.propertyName) return convertKey(context, element.propertyName);
  return ts.isIdentifier(element.name) ? convertKey(context, element.name) : undefined;
}

/** The left side of an assignment. */
export function convertTarget(context: Context, node: ts.Expression): Pattern {
  const inner = bare(node);
  const range = rangeOf(context, inner);
  if (ts.isArrayLiteralExpression(inner)) return arrayTarget(context, inner, range);
  if (ts.isObjectLiteralExpression(inner)) return objectTarget(context, inner, range);
  return simpleTarget(context, convertExpression(context, inner), range);
}

function simpleTarget(context: Context, expression: Expression, { start, end }: Range): Pattern {
  switch (expression.kind) {
    case 'identifier': // narrower than the range where type arguments follow: `f<T> = 1`
      return { kind: 'identifierPattern', start: expression.start, end: expression.end, name: expression.name };
    case 'member':
    case 'index':
    case 'error':
      return { kind: 'targetPattern', start, end, target: expression };
    default: {
      const text = context.source.text.slice(start, end);
      return { kind: 'targetPattern', start, end, target: { kind: 'error', start, end, text } };
    }
  }
}

/** A target without what leaves no node or does not matter to an assignment: parentheses, `!`, `as T`. */
function bare(node: ts.Expression): ts.Expression {
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

/** An element or property value of a pattern in an assignment: a target, with `= default` or without. */
function elementTarget(context: Context, node: ts.Expression): Pattern {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
    return convertTarget(context, node);
  }
  startOf(context, node);
  return withDefault(context, convertTarget(context, node.left), node.right);
}

function arrayTarget(context: Context, node: ts.ArrayLiteralExpression, { start, end }: Range): Pattern {
  const elements: (Pattern | null)[] = [];
  let rest: Pattern | undefined;
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) elements.push(null);
    else if (ts.isSpreadElement(element)) rest = convertTarget(context, element.expression);
    else elements.push(elementTarget(context, element));
  }
  return { kind: 'arrayPattern', start, end, elements, ...(rest && { rest }) };
}

function objectTarget(context: Context, node: ts.ObjectLiteralExpression, { start, end }: Range): Pattern {
  const properties: { key: PropertyKey; value: Pattern }[] = [];
  let rest: Pattern | undefined;
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      rest = convertTarget(context, property.expression);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      const key = convertKey(context, property.name);
      const target = simpleTarget(context, convertExpression(context, property.name), rangeOf(context, property.name));
      properties.push({ key, value: withDefault(context, target, property.objectAssignmentInitializer) });
    } else if (ts.isPropertyAssignment(property)) {
      const key = convertKey(context, property.name);
      properties.push({ key, value: elementTarget(context, property.initializer) });
    } else {
      // A method or accessor cannot be assigned to; the parser has said so.
      const value: Pattern = {
        kind: 'targetPattern',
        ...rangeOf(context, property),
        target: errorNode(context, property),
      };
      properties.push({ key: convertKey(context, property.name), value });
    }
  }
  return { kind: 'objectPattern', start, end, properties, ...(rest && { rest }) };
}

import type { ElementExpression, Expression } from '../program/nodes';
import type { Context } from './context';
import { convertExpression } from './expressions';
import { ts } from './typescript';

/** JSX: the tag means nothing to the analyzer; what stands in braces, and nested elements, are evaluated in order. */
export function convertElement(
  context: Context,
  node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment,
  start: number,
  end: number,
): ElementExpression {
  const expressions: Expression[] = [];
  const add = (expression: ts.Expression | undefined) => {
    if (expression) expressions.push(convertExpression(context, expression));
  };
  if (!ts.isJsxFragment(node)) {
    const { attributes } = ts.isJsxElement(node) ? node.openingElement : node;
    for (const attribute of attributes.properties) {
      if (ts.isJsxSpreadAttribute(attribute)) add(attribute.expression);
      else if (attribute.initializer && ts.isJsxExpression(attribute.initializer))
        add(attribute.initializer.expression);
      else if (attribute.initializer && !ts.isStringLiteral(attribute.initializer)) add(attribute.initializer);
    }
  }
  if (!ts.isJsxSelfClosingElement(node)) {
    for (const child of node.children) {
      if (ts.isJsxExpression(child)) add(child.expression);
      else if (!ts.isJsxText(child)) add(child);
    }
  }
  return { kind: 'element', start, end, expressions };
}

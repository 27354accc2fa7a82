/** Facts from JSDoc: the types of variables, parameters and results, and `@typedef`. A real annotation comes first. */
import type { Expression, TypeNode, TypeStatement } from '../program/nodes';
import type { Context } from './context';
import { convertType } from './types';
import { docsOf, ts } from './typescript';

/** The type of `@type {…}` at `node`. */
export function docTypeOf(context: Context, node: ts.Node): TypeNode | undefined {
  for (const doc of docsOf(node) ?? []) {
    for (const tag of doc.tags ?? []) {
      if (ts.isJSDocTypeTag(tag)) return convertType(tag.typeExpression, context.source);
    }
  }
  return undefined;
}

/** Hands the JSDoc of a declaration or property on to the function that is its value. */
export function lendDocs(context: Context, host: ts.Node, value: ts.Expression | undefined): void {
  const docs = docsOf(host);
  if (!docs || !value) return;
  while (ts.isParenthesizedExpression(value)) value = value.expression;
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.EqualsToken) value = value.right;
  if (ts.isFunctionExpression(value) || ts.isArrowFunction(value)) context.docs.set(value, docs);
}

/** `value`, with the type that `@type {…}` at `host` gives it. */
export function withDocType(context: Context, host: ts.Node, value: Expression): Expression {
  const type = docsOf(host) && docTypeOf(context, host);
  return type ? { kind: 'typed', start: value.start, end: value.end, value, type } : value;
}

export interface FunctionDocs {
  readonly parameters: readonly ts.JSDocParameterTag[];
  readonly returns: TypeNode | undefined;
}

export function functionDocs(context: Context, node: ts.Node): FunctionDocs | undefined {
  const docs = docsOf(node) ?? context.docs.get(node);
  const tags = docs?.at(-1)?.tags;
  if (!tags) return undefined;
  const returns = tags.find(ts.isJSDocReturnTag)?.typeExpression;
  return {
    parameters: tags.filter(ts.isJSDocParameterTag),
    returns: returns && convertType(returns, context.source),
  };
}

/** The `@param` of a parameter: by name, or by position where the parameter is a pattern. */
export function docParameter(
  docs: FunctionDocs | undefined,
  parameter: ts.ParameterDeclaration,
  index: number,
): ts.JSDocParameterTag | undefined {
  const { name } = parameter;
  if (!ts.isIdentifier(name)) return docs?.parameters[index];
  return docs?.parameters.find((tag) => ts.isIdentifier(tag.name) && tag.name.text === name.text);
}

const none: readonly TypeStatement[] = [];

/** The types that the JSDoc before `node` defines. */
export function docTypedefs(context: Context, node: ts.Node): readonly TypeStatement[] {
  const docs = docsOf(node);
  if (!docs) return none;
  const found: TypeStatement[] = [];
  for (const doc of docs) {
    for (const tag of doc.tags ?? []) {
      if (!ts.isJSDocTypedefTag(tag) || !tag.name || !tag.typeExpression) continue;
      const type = ts.isJSDocTypeExpression(tag.typeExpression) ? tag.typeExpression.type : tag.typeExpression;
      found.push({
        kind: 'type',
        start: tag.pos,
        end: tag.end,
        name: tag.name.text,
        type: convertType(type, context.source),
      });
    }
  }
  return found;
}

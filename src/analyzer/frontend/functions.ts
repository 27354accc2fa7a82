import type { FunctionExpression, Parameter, Statement, TypeNode } from '../program/nodes';
import { type Context, rangeOf, startOf, typed } from './context';
import { classesIn, convertFound } from './downlevel/classes';
import { convertExpression } from './expressions';
import { docParameter, docTypeOf, type FunctionDocs, functionDocs } from './jsdoc';
import { convertBinding } from './patterns';
import { convertStatements } from './statements';
import { convertType } from './types';
import { ts } from './typescript';

/**
 * A function of any kind. A method's name is its key's, not the function's: it is not in scope in the body.
 * @param awaits `keep`: what awaits became around it is what they became in it
 */
export function convertFunction(
  context: Context,
  node: ts.FunctionLikeDeclaration,
  awaits?: 'keep',
): FunctionExpression {
  const around = context.awaits;
  if (awaits !== 'keep' && around?.kind === 'yields') context.awaits = undefined;
  const converted = convertOwn(context, node);
  context.awaits = around;
  return converted;
}

function convertOwn(context: Context, node: ts.FunctionLikeDeclaration): FunctionExpression {
  const { start, end } = rangeOf(context, node);
  const docs = functionDocs(context, node);
  const returns = node.type ? convertType(node.type, context.source) : docs?.returns;
  return {
    kind: 'function',
    start,
    end,
    name: ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) ? node.name?.text || undefined : undefined,
    parameters: convertParameters(context, node.parameters, docs),
    body: convertBody(context, node.body),
    arrow: ts.isArrowFunction(node) || (context.superclass !== undefined && isFormerArrow(context, node)),
    async: hasModifier(node, ts.SyntaxKind.AsyncKeyword),
    generator: node.asteriskToken !== undefined,
    ...(returns && { returns }),
  };
}

/** In a class compiled for ES5, a function expression without a `this` of its own was an arrow: `super` reaches into it. */
function isFormerArrow(context: Context, node: ts.FunctionLikeDeclaration): boolean {
  return (
    ts.isFunctionExpression(node) &&
    !context.broken &&
    !/(?<![\w$.])(?:this|arguments)\b/.test(context.source.text.slice(node.pos, node.end))
  );
}

/** What a function says of itself without its body. */
export type Signature = Pick<FunctionExpression, 'parameters' | 'returns'>;

export function convertSignature(context: Context, node: ts.SignatureDeclaration): Signature {
  const parameters = convertParameters(context, node.parameters, undefined);
  return node.type ? { parameters, returns: convertType(node.type, context.source) } : { parameters };
}

/** Without parent pointers the compiler's own modifier flags cannot be asked; the list can. */
export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

function convertBody(context: Context, body: ts.ConciseBody | undefined): Statement[] {
  if (!body) return [];
  if (ts.isBlock(body)) {
    const steps = classesIn(context, body.statements);
    if (steps === undefined) return convertStatements(context, body.statements);
    return steps.flatMap((step) =>
      'kind' in step ? convertStatements(context, [step]) : [convertFound(context, step)],
    );
  }
  const value = convertExpression(context, body);
  return [{ kind: 'return', start: value.start, end: value.end, value }];
}

function convertParameters(
  context: Context,
  nodes: readonly ts.ParameterDeclaration[],
  docs: FunctionDocs | undefined,
): Parameter[] {
  // `this: T` declares no parameter.
  const parameters = nodes.filter((node) => !(ts.isIdentifier(node.name) && node.name.text === 'this'));
  return parameters.map((node, index) => convertParameter(context, node, docParameter(docs, node, index)));
}

const fieldModifiers = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.OverrideKeyword,
]);

function convertParameter(
  context: Context,
  node: ts.ParameterDeclaration,
  tag: ts.JSDocParameterTag | undefined,
): Parameter {
  const start = startOf(context, node);
  const docOptional = tag?.typeExpression !== undefined && ts.isJSDocOptionalType(tag.typeExpression.type);
  return {
    kind: 'parameter',
    start,
    end: Math.max(start, node.end),
    pattern: convertBinding(context, node.name, node.initializer),
    rest: node.dotDotDotToken !== undefined,
    optional: node.questionToken !== undefined || tag?.isBracketed === true || docOptional,
    ...typed(parameterType(context, node, tag)),
    field: node.modifiers?.some((modifier) => fieldModifiers.has(modifier.kind)) ?? false,
  };
}

function parameterType(
  context: Context,
  node: ts.ParameterDeclaration,
  tag: ts.JSDocParameterTag | undefined,
): TypeNode | undefined {
  if (node.type) return convertType(node.type, context.source);
  const type = docTypeOf(context, node) ?? (tag?.typeExpression && convertType(tag.typeExpression, context.source));
  // JSDoc names the type of one argument where a rest parameter is an array of them.
  const isList = type?.kind === 'array' || type?.kind === 'tuple';
  return type && node.dotDotDotToken && !isList ? { kind: 'array', element: type } : type;
}

import type { BinaryOperator, Expression, LogicalOperator, SpreadElement } from '../program/nodes';
import { convertClass } from './classes';
import { type Context, errorNode, rangeOf, startOf, typed } from './context';
import { convertAwaiter } from './downlevel/awaits';
import { superCallIn, superMethodIn } from './downlevel/classes';
import { isSent, sentOf } from './downlevel/stateMachine';
import { convertElement } from './elements';
import { convertFunction } from './functions';
import { withDocType } from './jsdoc';
import { convertObject } from './objects';
import { convertTarget } from './patterns';
import { convertType } from './types';
import { ts } from './typescript';

const K = ts.SyntaxKind;

const binaryOperators = new Map<ts.SyntaxKind, BinaryOperator>([
  [K.PlusToken, '+'],
  [K.MinusToken, '-'],
  [K.AsteriskToken, '*'],
  [K.SlashToken, '/'],
  [K.PercentToken, '%'],
  [K.AsteriskAsteriskToken, '**'],
  [K.EqualsEqualsToken, '=='],
  [K.ExclamationEqualsToken, '!='],
  [K.EqualsEqualsEqualsToken, '==='],
  [K.ExclamationEqualsEqualsToken, '!=='],
  [K.LessThanToken, '<'],
  [K.LessThanEqualsToken, '<='],
  [K.GreaterThanToken, '>'],
  [K.GreaterThanEqualsToken, '>='],
  [K.AmpersandToken, '&'],
  [K.BarToken, '|'],
  [K.CaretToken, '^'],
  [K.LessThanLessThanToken, '<<'],
  [K.GreaterThanGreaterThanToken, '>>'],
  [K.GreaterThanGreaterThanGreaterThanToken, '>>>'],
  [K.InKeyword, 'in'],
  [K.InstanceOfKeyword, 'instanceof'],
]);

const logicalOperators = new Map<ts.SyntaxKind, LogicalOperator>([
  [K.AmpersandAmpersandToken, '&&'],
  [K.BarBarToken, '||'],
  [K.QuestionQuestionToken, '??'],
]);

const assignmentOperators = new Map<ts.SyntaxKind, BinaryOperator | LogicalOperator | undefined>([
  [K.EqualsToken, undefined],
  [K.PlusEqualsToken, '+'],
  [K.MinusEqualsToken, '-'],
  [K.AsteriskEqualsToken, '*'],
  [K.SlashEqualsToken, '/'],
  [K.PercentEqualsToken, '%'],
  [K.AsteriskAsteriskEqualsToken, '**'],
  [K.AmpersandEqualsToken, '&'],
  [K.BarEqualsToken, '|'],
  [K.CaretEqualsToken, '^'],
  [K.LessThanLessThanEqualsToken, '<<'],
  [K.GreaterThanGreaterThanEqualsToken, '>>'],
  [K.GreaterThanGreaterThanGreaterThanEqualsToken, '>>>'],
  [K.AmpersandAmpersandEqualsToken, '&&'],
  [K.BarBarEqualsToken, '||'],
  [K.QuestionQuestionEqualsToken, '??'],
]);

const prefixOperators = new Map<ts.SyntaxKind, '+' | '-' | '!' | '~'>([
  [K.PlusToken, '+'],
  [K.MinusToken, '-'],
  [K.ExclamationToken, '!'],
  [K.TildeToken, '~'],
]);

/**
 * Converts an expression. Chains that grow to the left (`a + b + …`, `x.add(y).mul(z)…`) are walked in a loop, since
 * the parser reads thousands of links without recursion as well; all else recurses as deep as the parser did.
 */
export function convertExpression(context: Context, node: ts.Expression): Expression {
  let left = leftOf(node);
  if (!left) return convertLeaf(context, node);
  const spine: ts.Expression[] = [node];
  for (let next = leftOf(left); next; next = leftOf(left)) {
    spine.push(left);
    left = next;
  }
  const start = startOf(context, left);
  let result = convertLeaf(context, left);
  for (let link = spine.pop(); link; link = spine.pop()) {
    result = grow(context, link, result, start, Math.max(start, link.end));
  }
  return result;
}

/** The first operand, where `grow` knows how to go on from it. */
function leftOf(node: ts.Expression): ts.Expression | undefined {
  switch (node.kind) {
    case K.PropertyAccessExpression:
      return (node as ts.PropertyAccessExpression).expression;
    case K.CallExpression: {
      const callee = (node as ts.CallExpression).expression;
      return callee.kind === K.ImportKeyword ? undefined : callee;
    }
    case K.BinaryExpression: {
      const { left, operatorToken } = node as ts.BinaryExpression;
      const isLink = operatorToken.kind !== K.CommaToken && !assignmentOperators.has(operatorToken.kind);
      return isLink ? left : undefined;
    }
    case K.ElementAccessExpression:
      return (node as ts.ElementAccessExpression).expression;
    case K.NonNullExpression:
      return (node as ts.NonNullExpression).expression;
    case K.AsExpression:
      return (node as ts.AsExpression).expression;
    case K.SatisfiesExpression:
      return (node as ts.SatisfiesExpression).expression;
    case K.ExpressionWithTypeArguments:
      return (node as ts.ExpressionWithTypeArguments).expression;
    case K.TaggedTemplateExpression:
      return (node as ts.TaggedTemplateExpression).tag;
    default:
      return undefined;
  }
}

/** Converts `node`, one link of a chain whose first operand has become `left`. */
function grow(context: Context, node: ts.Expression, left: Expression, start: number, end: number): Expression {
  if (ts.isPropertyAccessExpression(node)) {
    const optional = node.questionDotToken !== undefined;
    const propertyRange = rangeOf(context, node.name);
    return { kind: 'member', start, end, object: left, property: node.name.text, propertyRange, optional };
  }
  if (ts.isCallExpression(node)) return growCall(context, node, left, start, end);
  if (ts.isBinaryExpression(node)) return growBinary(context, node, left, start, end);
  if (ts.isElementAccessExpression(node)) {
    const optional = node.questionDotToken !== undefined;
    const index = convertExpression(context, node.argumentExpression);
    return { kind: 'index', start, end, object: left, index, optional };
  }
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return { kind: 'typed', start, end, value: left, ...typed(assertedType(context, node.type)) };
  }
  if (ts.isTaggedTemplateExpression(node)) {
    return { kind: 'template', start, end, tag: left, ...templateParts(context, node.template) };
  }
  return left;
}

function growCall(context: Context, node: ts.CallExpression, left: Expression, start: number, end: number): Expression {
  const former = formerCall(context, node, start, end);
  if (former) return former;
  const [only] = node.arguments;
  if (only && left.kind === 'identifier' && node.arguments.length === 1) {
    if (left.name === 'require' && ts.isStringLiteralLike(only)) context.imports.add(only.text);
    // In a file that is not known to be a module, the parser reads `await (x)` as a call.
    if (left.name === 'await') return { kind: 'await', start, end, value: convertExpression(context, only) };
  }
  const optional = node.questionDotToken !== undefined;
  return { kind: 'call', start, end, callee: left, args: convertArguments(context, node.arguments), optional };
}

/** Calls that compilers made of something else: of an await, of `super`. */
function formerCall(context: Context, node: ts.CallExpression, start: number, end: number): Expression | undefined {
  const { superclass, awaits } = context;
  const awaiter = node.arguments.length === 4 ? convertAwaiter(context, node) : undefined;
  if (awaiter) return awaiter;
  if (awaits?.kind === 'states' && isSent(node, awaits.name))
    return { kind: 'identifier', start, end: start, name: sentOf(awaits.name) };
  if (superclass === undefined) return undefined;
  const constructed = superCallIn(node, superclass);
  if (constructed) {
    const callee = { kind: 'super', start, end: start } as const;
    const given = constructed.args.map((arg) => convertSpreadable(context, arg));
    const args = constructed.all
      ? given.map((value) => ({ kind: 'spread', start: value.start, end: value.end, value }) as SpreadElement)
      : given;
    const call = { kind: 'call', start, end, callee, args, optional: false } as const;
    return { kind: 'sequence', start, end, expressions: [call, { kind: 'this', start, end: start }] };
  }
  const method = superMethodIn(node, superclass);
  if (!method) return undefined;
  const propertyRange = rangeOf(context, method.name);
  const callee: Expression = {
    kind: 'member',
    start,
    end: propertyRange.end,
    object: { kind: 'super', start, end: start },
    property: method.name.text,
    propertyRange,
    optional: false,
  };
  const args = method.args.map((arg) => convertSpreadable(context, arg));
  return { kind: 'call', start, end, callee, args, optional: false };
}

function growBinary(
  context: Context,
  node: ts.BinaryExpression,
  left: Expression,
  start: number,
  end: number,
): Expression {
  const token = node.operatorToken.kind;
  const right = convertExpression(context, node.right);
  const logical = logicalOperators.get(token);
  if (logical) return { kind: 'logical', start, end, operator: logical, left, right };
  const operator = binaryOperators.get(token);
  if (operator) return { kind: 'binary', start, end, operator, left, right };
  return { kind: 'error', start, end, text: context.source.text.slice(start, end) };
}

function convertArguments(
  context: Context,
  nodes: ts.NodeArray<ts.Expression> | undefined,
): (Expression | SpreadElement)[] {
  if (!nodes) return [];
  if (!context.broken) return nodes.map((node) => convertSpreadable(context, node));
  let end = nodes.pos;
  return nodes.flatMap((node, index) => {
    const commas = index === 0 ? 0 : 1;
    const gaps = missingArguments(context, end, node.pos, commas);
    end = node.end;
    return [...gaps, convertSpreadable(context, node)];
  });
}

/** The parser passes over an argument still to be typed (`f(a, , b)`); its place must not go to the one after it. */
function missingArguments(context: Context, from: number, to: number, commas: number): Expression[] {
  const between = context.source.text.slice(from, to).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  const missing = Math.max(0, between.split(',').length - 1 - commas);
  return Array.from({ length: missing }, () => ({ kind: 'error', start: to, end: to, text: '' }));
}

function convertSpreadable(context: Context, node: ts.Expression): Expression | SpreadElement {
  if (!ts.isSpreadElement(node)) return convertExpression(context, node);
  const { start, end } = rangeOf(context, node);
  return { kind: 'spread', start, end, value: convertExpression(context, node.expression) };
}

/** The type of an assertion; `as const` asserts none. */
function assertedType(context: Context, type: ts.TypeNode) {
  const isConst = ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'const';
  return isConst ? undefined : convertType(type, context.source);
}

function templateParts(context: Context, node: ts.TemplateLiteral) {
  if (ts.isNoSubstitutionTemplateLiteral(node)) return { texts: [node.text], values: [] };
  return {
    texts: [node.head.text, ...node.templateSpans.map((span) => span.literal.text)],
    values: node.templateSpans.map((span) => convertExpression(context, span.expression)),
  };
}

// ---------------------------------------------------------------- expressions that are not a link of a chain

type Leaf = (context: Context, node: ts.Expression, start: number, end: number) => Expression;

const leaves: (Leaf | undefined)[] = [];

function leaf<N extends ts.Expression>(
  kind: N['kind'],
  convert: (context: Context, node: N, start: number, end: number) => Expression,
): void {
  leaves[kind] = convert as Leaf;
}

function convertLeaf(context: Context, node: ts.Expression): Expression {
  const convert = leaves[node.kind];
  if (!convert) return errorNode(context, node);
  const start = startOf(context, node);
  return convert(context, node, start, Math.max(start, node.end));
}

leaf<ts.Identifier>(K.Identifier, (_, node, start, end) => {
  if (start === end) return { kind: 'error', start, end, text: '' };
  const name = node.text;
  if (name === 'undefined') return { kind: 'literal', start, end, value: undefined };
  return { kind: 'identifier', start, end, name };
});

// `#field in object`
leaf<ts.PrivateIdentifier>(K.PrivateIdentifier, (_, node, start, end) => {
  return { kind: 'literal', start, end, value: node.text };
});

leaf<ts.StringLiteral>(K.StringLiteral, (_, node, start, end) => {
  return { kind: 'literal', start, end, value: node.text };
});

leaf<ts.NumericLiteral>(K.NumericLiteral, (_, node, start, end) => {
  return { kind: 'literal', start, end, value: Number(node.text) };
});

leaf<ts.BigIntLiteral>(K.BigIntLiteral, (context, node, start, end) => {
  const digits = node.text.slice(0, -1);
  if (!/^\d{1,1000}$/.test(digits)) return errorNode(context, node);
  return { kind: 'literal', start, end, value: BigInt(digits) };
});

leaf<ts.RegularExpressionLiteral>(K.RegularExpressionLiteral, (_, node, start, end) => {
  const close = node.text.lastIndexOf('/');
  const value = { pattern: node.text.slice(1, close), flags: node.text.slice(close + 1) };
  return { kind: 'literal', start, end, value };
});

leaf(K.TrueKeyword, (_, _node, start, end) => ({ kind: 'literal', start, end, value: true }));
leaf(K.FalseKeyword, (_, _node, start, end) => ({ kind: 'literal', start, end, value: false }));
leaf(K.NullKeyword, (_, _node, start, end) => ({ kind: 'literal', start, end, value: null }));
leaf(K.ThisKeyword, (_, _node, start, end) => ({ kind: 'this', start, end }));
leaf(K.SuperKeyword, (_, _node, start, end) => ({ kind: 'super', start, end }));

// A template without substitutions is a string, and is known as one wherever a string literal is.
leaf<ts.NoSubstitutionTemplateLiteral>(K.NoSubstitutionTemplateLiteral, (_, node, start, end) => {
  return { kind: 'literal', start, end, value: node.text };
});

leaf<ts.TemplateExpression>(K.TemplateExpression, (context, node, start, end) => {
  return { kind: 'template', start, end, ...templateParts(context, node) };
});

leaf<ts.ArrayLiteralExpression>(K.ArrayLiteralExpression, (context, node, start, end) => {
  const elements = node.elements.map((element) =>
    ts.isOmittedExpression(element) ? null : convertSpreadable(context, element),
  );
  return { kind: 'array', start, end, elements };
});

leaf<ts.ObjectLiteralExpression>(K.ObjectLiteralExpression, (context, node) => convertObject(context, node));
leaf<ts.FunctionExpression>(K.FunctionExpression, (context, node) => convertFunction(context, node));
leaf<ts.ArrowFunction>(K.ArrowFunction, (context, node) => convertFunction(context, node));
leaf<ts.ClassExpression>(K.ClassExpression, (context, node) => convertClass(context, node));

/** Parentheses vanish, but in JavaScript `/** @type {T} *\/ (value)` is an assertion. */
leaf<ts.ParenthesizedExpression>(K.ParenthesizedExpression, (context, node) => {
  return withDocType(context, node, convertExpression(context, node.expression));
});

leaf<ts.TypeAssertion>(K.TypeAssertionExpression, (context, node, start, end) => {
  const value = convertExpression(context, node.expression);
  return { kind: 'typed', start, end, value, ...typed(assertedType(context, node.type)) };
});

leaf<ts.PrefixUnaryExpression>(K.PrefixUnaryExpression, (context, node, start, end) => {
  const operand = convertExpression(context, node.operand);
  const operator = prefixOperators.get(node.operator);
  if (operator) return { kind: 'unary', start, end, operator, operand };
  const update = node.operator === K.PlusPlusToken ? '++' : '--';
  return { kind: 'update', start, end, operator: update, prefix: true, target: operand };
});

leaf<ts.PostfixUnaryExpression>(K.PostfixUnaryExpression, (context, node, start, end) => {
  const operator = node.operator === K.PlusPlusToken ? '++' : '--';
  return { kind: 'update', start, end, operator, prefix: false, target: convertExpression(context, node.operand) };
});

for (const [kind, operator] of [
  [K.TypeOfExpression, 'typeof'],
  [K.VoidExpression, 'void'],
  [K.DeleteExpression, 'delete'],
] as const) {
  leaf<ts.TypeOfExpression | ts.VoidExpression | ts.DeleteExpression>(kind, (context, node, start, end) => {
    return { kind: 'unary', start, end, operator, operand: convertExpression(context, node.expression) };
  });
}

// Assignments and sequences: all other operators make links of a chain.
leaf<ts.BinaryExpression>(K.BinaryExpression, (context, node, start, end) => {
  if (node.operatorToken.kind === K.CommaToken) {
    return {
      kind: 'sequence',
      start,
      end,
      expressions: operandsOf(node).map((part) => convertExpression(context, part)),
    };
  }
  const operator = assignmentOperators.get(node.operatorToken.kind);
  const target = convertTarget(context, node.left);
  return { kind: 'assign', start, end, operator, target, value: convertExpression(context, node.right) };
});

/** The parts of `a, b, c`, which the parser nests to the left. */
function operandsOf(sequence: ts.BinaryExpression): ts.Expression[] {
  const operands: ts.Expression[] = [];
  let at: ts.Expression = sequence;
  for (; ts.isBinaryExpression(at) && at.operatorToken.kind === K.CommaToken; at = at.left) operands.push(at.right);
  return [at, ...operands.reverse()];
}

leaf<ts.ConditionalExpression>(K.ConditionalExpression, (context, node, start, end) => ({
  kind: 'conditional',
  start,
  end,
  test: convertExpression(context, node.condition),
  // biome-ignore lint/suspicious/noThenProperty: a node, not a function, so nothing can take it for a promise
  then: convertExpression(context, node.whenTrue),
  else: convertExpression(context, node.whenFalse),
}));

leaf<ts.NewExpression>(K.NewExpression, (context, node, start, end) => {
  const callee = convertExpression(context, node.expression);
  return { kind: 'new', start, end, callee, args: convertArguments(context, node.arguments) };
});

// Of the calls only `import(…)` comes here.
leaf<ts.CallExpression>(K.CallExpression, (context, node, start, end) => {
  const [specifier] = node.arguments;
  if (!specifier) return errorNode(context, node);
  if (ts.isStringLiteralLike(specifier)) context.imports.add(specifier.text);
  return { kind: 'import', start, end, source: convertExpression(context, specifier) };
});

leaf<ts.AwaitExpression>(K.AwaitExpression, (context, node, start, end) => {
  return { kind: 'await', start, end, value: convertExpression(context, node.expression) };
});

leaf<ts.YieldExpression>(K.YieldExpression, (context, node, start, end) => {
  const value = node.expression && convertExpression(context, node.expression);
  if (context.awaits?.kind === 'yields' && value && !node.asteriskToken) return { kind: 'await', start, end, value };
  return { kind: 'yield', start, end, value, delegate: node.asteriskToken !== undefined };
});

leaf<ts.JsxElement>(K.JsxElement, convertElement);
leaf<ts.JsxSelfClosingElement>(K.JsxSelfClosingElement, convertElement);
leaf<ts.JsxFragment>(K.JsxFragment, convertElement);

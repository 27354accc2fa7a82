/** Type annotations (TypeScript's and JSDoc's) → type nodes, as written: nothing is resolved. */
import type { TypeMember, TypeNode } from '../program/nodes';
import { tokenStart, ts } from './typescript';

const K = ts.SyntaxKind;

function named(name: string, args: readonly TypeNode[] = []): TypeNode {
  return { kind: 'name', name, args };
}

const keywords = new Map<ts.SyntaxKind, TypeNode>([
  [K.NumberKeyword, named('number')],
  [K.StringKeyword, named('string')],
  [K.BooleanKeyword, named('boolean')],
  [K.BigIntKeyword, named('bigint')],
  [K.SymbolKeyword, named('symbol')],
  [K.ObjectKeyword, named('object')],
  [K.AnyKeyword, named('any')],
  [K.UnknownKeyword, named('unknown')],
  [K.NeverKeyword, named('never')],
  [K.VoidKeyword, named('void')],
  [K.ThisType, named('this')],
  [K.TypePredicate, named('boolean')],
  [K.JSDocAllType, named('any')],
  [K.JSDocUnknownType, named('any')],
  [K.UndefinedKeyword, { kind: 'literal', value: undefined }],
]);

const literals = new Map<ts.SyntaxKind, boolean | null>([
  [K.TrueKeyword, true],
  [K.FalseKeyword, false],
  [K.NullKeyword, null],
]);

const arrayNames = new Set(['Array', 'ReadonlyArray']);

export function convertType(node: ts.TypeNode, source: ts.SourceFile): TypeNode {
  const keyword = keywords.get(node.kind);
  if (keyword) return keyword;
  const opaque = (): TypeNode => ({ kind: 'opaque', text: source.text.slice(tokenStart(node, source), node.end) });
  const inner = (type: ts.TypeNode) => convertType(type, source);
  if (ts.isTypeReferenceNode(node)) return reference(entityName(node.typeName), node.typeArguments, source);
  if (ts.isExpressionWithTypeArguments(node)) {
    return reference(
      source.text.slice(tokenStart(node.expression, source), node.expression.end),
      node.typeArguments,
      source,
    );
  }
  if (ts.isImportTypeNode(node)) return importType(node, source) ?? opaque();
  if (ts.isTypeQueryNode(node)) return named(`typeof ${entityName(node.exprName)}`);
  if (ts.isArrayTypeNode(node)) return { kind: 'array', element: inner(node.elementType) };
  if (ts.isTupleTypeNode(node)) return tuple(node, source) ?? opaque();
  if (ts.isUnionTypeNode(node)) return { kind: 'union', options: node.types.map(inner) };
  if (ts.isIntersectionTypeNode(node)) return intersection(node.types.map(inner)) ?? opaque();
  if (ts.isTypeLiteralNode(node)) return { kind: 'object', members: typeMembers(node.members, source) };
  if (ts.isLiteralTypeNode(node)) return literal(node.literal) ?? opaque();
  if (ts.isParenthesizedTypeNode(node)) return inner(node.type);
  if (ts.isTypeOperatorNode(node)) return node.operator === K.ReadonlyKeyword ? inner(node.type) : opaque();
  if (ts.isFunctionTypeNode(node)) return { kind: 'function', returns: inner(node.type) };
  return docType(node, source) ?? opaque();
}

/** The types that only JSDoc has. */
function docType(node: ts.TypeNode, source: ts.SourceFile): TypeNode | undefined {
  const inner = (type: ts.TypeNode) => convertType(type, source);
  if (ts.isJSDocTypeExpression(node)) return inner(node.type);
  if (ts.isJSDocNullableType(node))
    return { kind: 'union', options: [inner(node.type), { kind: 'literal', value: null }] };
  if (ts.isJSDocNonNullableType(node) || ts.isJSDocOptionalType(node)) return inner(node.type);
  if (ts.isJSDocVariadicType(node)) return { kind: 'array', element: inner(node.type) };
  if (ts.isJSDocFunctionType(node)) return { kind: 'function', returns: node.type && inner(node.type) };
  if (ts.isJSDocTypeLiteral(node)) {
    const object: TypeNode = { kind: 'object', members: docMembers(node, source) };
    return node.isArrayType ? { kind: 'array', element: object } : object;
  }
  return undefined;
}

export function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function reference(name: string, args: ts.NodeArray<ts.TypeNode> | undefined, source: ts.SourceFile): TypeNode {
  const converted = args?.map((type) => convertType(type, source)) ?? [];
  const [first] = converted;
  return first && arrayNames.has(name) ? { kind: 'array', element: first } : named(name, converted);
}

/** `import('module').Name` keeps its module: the name is `import("module").Name`; `typeof import('module')` is its namespace. */
function importType(node: ts.ImportTypeNode, source: ts.SourceFile): TypeNode | undefined {
  const module = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (!module || !ts.isStringLiteral(module)) return undefined;
  if (node.isTypeOf && !node.qualifier) return named(`typeof import(${JSON.stringify(module.text)})`);
  if (!node.qualifier || node.isTypeOf) return undefined;
  return reference(`import(${JSON.stringify(module.text)}).${entityName(node.qualifier)}`, node.typeArguments, source);
}

function literal(node: ts.LiteralTypeNode['literal']): TypeNode | undefined {
  const word = literals.get(node.kind);
  if (word !== undefined) return { kind: 'literal', value: word };
  if (ts.isStringLiteralLike(node)) return { kind: 'literal', value: node.text };
  if (ts.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text) };
  if (ts.isPrefixUnaryExpression(node) && node.operator === K.MinusToken && ts.isNumericLiteral(node.operand)) {
    return { kind: 'literal', value: -Number(node.operand.text) };
  }
  return undefined;
}

/** A tuple with optional elements is a union of lengths; one with a rest element has no length. */
function tuple(node: ts.TupleTypeNode, source: ts.SourceFile): TypeNode | undefined {
  const elements: TypeNode[] = [];
  let required = 0;
  for (const element of node.elements) {
    const member = ts.isNamedTupleMember(element) ? element : undefined;
    const type = member ? member.type : element;
    if (ts.isRestTypeNode(type) || member?.dotDotDotToken) return undefined;
    const optional = member?.questionToken !== undefined || ts.isOptionalTypeNode(type);
    elements.push(convertType(ts.isOptionalTypeNode(type) ? type.type : type, source));
    if (!optional) required = elements.length;
  }
  if (required === elements.length) return { kind: 'tuple', elements };
  const options: TypeNode[] = [];
  for (let n = required; n <= elements.length; n++) options.push({ kind: 'tuple', elements: elements.slice(0, n) });
  return { kind: 'union', options };
}

/** Object types merge; anything else in an intersection would take a type checker. */
function intersection(types: readonly TypeNode[]): TypeNode | undefined {
  const members: TypeMember[] = [];
  for (const type of types) {
    if (type.kind !== 'object') return undefined;
    members.push(...type.members);
  }
  return { kind: 'object', members };
}

export function typeMembers(members: readonly ts.TypeElement[], source: ts.SourceFile): TypeMember[] {
  const found: TypeMember[] = [];
  for (const member of members) {
    const { name } = member;
    if (!name || ts.isComputedPropertyName(name)) continue;
    const optional = member.questionToken !== undefined;
    if (ts.isPropertySignature(member) || ts.isGetAccessor(member)) {
      const type = member.type ? convertType(member.type, source) : named('any');
      found.push({ name: name.text, optional, type });
    } else if (ts.isMethodSignature(member)) {
      const returns = member.type && convertType(member.type, source);
      found.push({ name: name.text, optional, type: { kind: 'function', returns } });
    }
  }
  return found;
}

/** The members of `@typedef {Object} A` with `@property`, and of `@param {Object} a` with `@param {…} a.b`. */
function docMembers(node: ts.JSDocTypeLiteral, source: ts.SourceFile): TypeMember[] {
  return (node.jsDocPropertyTags ?? []).map((tag) => ({
    name: ts.isIdentifier(tag.name) ? tag.name.text : tag.name.right.text,
    optional: tag.isBracketed || (tag.typeExpression !== undefined && ts.isJSDocOptionalType(tag.typeExpression.type)),
    type: tag.typeExpression ? convertType(tag.typeExpression, source) : named('any'),
  }));
}

/**
 * Classes as compilers write them for ES5: in a function body, a constructor function, `__extends(C, _super)`, and methods
 * assigned to `C.prototype`. They are read as the class that they were made of; all other statements stay what they are.
 */
import type { ClassMember, ClassStatement, FunctionExpression, PropertyKey } from '../../program/nodes';
import { type Context, rangeOf } from '../context';
import { convertExpression } from '../expressions';
import { convertFunction } from '../functions';
import { ts } from '../typescript';
import { bare, partsOf } from './names';

const K = ts.SyntaxKind;

/** `C.prototype.name = value`, or an accessor that `Object.defineProperty(C.prototype, 'name', …)` makes. */
interface Part {
  readonly of: string;
  readonly name: ts.Node & { readonly text: string };
  readonly kind: 'method' | 'getter' | 'setter' | 'field';
  readonly value: ts.Expression;
  readonly node: ts.Node;
}

interface Found {
  readonly declaration: ts.FunctionDeclaration;
  /** The name of what it extends. */
  superclass: ts.Identifier | undefined;
  readonly parts: Part[];
  readonly start: ts.Node;
}

/** What a list of statements becomes: statements to convert as they are, and classes. */
export type Step = ts.Statement | Found;

/** The classes of a function's body in their places; undefined where there is none. */
export function classesIn(context: Context, body: readonly ts.Statement[]): readonly Step[] | undefined {
  if (context.broken || !body.some(mayBePart)) return undefined;
  const flat = body.flatMap(flattened);
  const functions = new Map<string, ts.FunctionDeclaration>();
  for (const node of flat)
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) functions.set(node.name.text, node);
  for (const node of flat) functions.delete(replacesPrototype(node) ?? '');
  // What is set twice is first the one and then the other.
  const set = new Set<string>();
  for (const { of, name, kind } of flat.flatMap(partsIn)) {
    const key = `${of}.${name.text}.${kind}`;
    if (set.has(key)) functions.delete(of);
    set.add(key);
  }
  const found = new Map<string, Found>();
  const steps: Step[] = [];
  const classOf = (name: string, start: ts.Node): Found | undefined => {
    const declaration = functions.get(name);
    let one = found.get(name);
    if (one === undefined && declaration !== undefined) {
      one = { declaration, superclass: undefined, parts: [], start };
      found.set(name, one);
      steps.push(one);
    }
    return one;
  };
  for (const node of flat) {
    const heir = extendsIn(context, node, functions);
    if (heir !== undefined) {
      const one = classOf(heir.name, node);
      if (one !== undefined) one.superclass = heir.of;
      continue;
    }
    const parts = partsIn(node);
    const [first] = parts;
    const one = first === undefined ? undefined : classOf(first.of, node);
    if (one === undefined) steps.push(node);
    else one.parts.push(...parts);
  }
  if (found.size === 0) return undefined;
  // A function is there from the start; a class that extends another is made where it is told so, before its members.
  steps.sort((a, b) => Number(isEarly(b)) - Number(isEarly(a)));
  // The constructor function is a part of its class.
  const own = new Set<ts.Node>([...found.values()].map(({ declaration }) => declaration));
  return steps.filter((step) => !('kind' in step) || !own.has(step));
}

const isEarly = (step: Step): boolean => !('kind' in step) && step.superclass === undefined;

/** Quick and coarse: `prototype` or a call of two names stands in it. */
function mayBePart(node: ts.Statement): boolean {
  if (ts.isReturnStatement(node)) return node.expression !== undefined && isSequence(node.expression);
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  if (isSequence(expression)) return true;
  if (ts.isCallExpression(expression)) return expression.arguments.length === 2 || expression.arguments.length === 3;
  return ts.isBinaryExpression(expression) && isPrototypeMember(expression.left);
}

const isSequence = (node: ts.Expression): boolean => {
  const inner = bare(node);
  return ts.isBinaryExpression(inner) && inner.operatorToken.kind === K.CommaToken;
};

/** `C.prototype.name` */
function isPrototypeMember(
  node: ts.Node,
): node is ts.PropertyAccessExpression & { readonly expression: ts.PropertyAccessExpression } {
  return ts.isPropertyAccessExpression(node) && isPrototype(node.expression);
}

function isPrototype(node: ts.Node): node is ts.PropertyAccessExpression & { readonly expression: ts.Identifier } {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'prototype' && ts.isIdentifier(node.expression);
}

/** Minified code writes `return a, b, C`: each part is a statement. */
function flattened(node: ts.Statement): readonly ts.Statement[] {
  if (ts.isExpressionStatement(node) && isSequence(node.expression))
    return partsOf(node.expression).map((part) => statementOf(part));
  if (ts.isReturnStatement(node) && node.expression !== undefined && isSequence(node.expression)) {
    const parts = partsOf(node.expression);
    const last = parts.pop() as ts.Expression;
    return [...parts.map((part) => statementOf(part)), placed(ts.factory.createReturnStatement(last), last)];
  }
  return [node];
}

const statementOf = (part: ts.Expression): ts.Statement => placed(ts.factory.createExpressionStatement(part), part);

/** A made statement stands where its expression does. */
function placed<N extends ts.Node>(made: N, { pos, end }: ts.Node): N {
  return ts.setTextRange(made, { pos, end });
}

/** `__extends(C, _super)`, by whatever name: a call of two names, the first a function of this body. */
function extendsIn(
  context: Context,
  node: ts.Statement,
  functions: ReadonlyMap<string, ts.FunctionDeclaration>,
): { readonly name: string; readonly of: ts.Identifier } | undefined {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return undefined;
  const [heir, of, ...more] = node.expression.arguments;
  if (heir === undefined || of === undefined || more.length > 0) return undefined;
  if (!ts.isIdentifier(heir) || !ts.isIdentifier(of) || !functions.has(heir.text) || functions.has(of.text))
    return undefined;
  const callee = bare(node.expression.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const known = /^(?:__extends|_inherits\w*)(?:\$\d+)?$/.test(name);
  return known || callsOn(context, functions.get(heir.text), of.text) ? { name: heir.text, of } : undefined;
}

/** Minified code gives the helper another name; the constructor still calls what it extends on itself. */
function callsOn(context: Context, declaration: ts.FunctionDeclaration | undefined, name: string): boolean {
  const text = declaration === undefined ? '' : context.source.text.slice(declaration.pos, declaration.end);
  return text.includes(`${name}.call(this`) || text.includes(`${name}.apply(this`);
}

/** `C.prototype = …`: what else is in it is not known. */
function replacesPrototype(node: ts.Statement): string | undefined {
  if (!ts.isExpressionStatement(node) || !ts.isBinaryExpression(node.expression)) return undefined;
  const { left } = node.expression;
  return isPrototype(left) ? left.expression.text : undefined;
}

function partsIn(node: ts.Statement): readonly Part[] {
  if (!ts.isExpressionStatement(node)) return [];
  const { expression } = node;
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === K.EqualsToken) {
    const { left, right } = expression;
    if (!isPrototypeMember(left) || !ts.isIdentifier(left.name)) return [];
    const of = (left.expression.expression as ts.Identifier).text;
    const value = bare(right);
    const kind = ts.isFunctionExpression(value) ? 'method' : 'field';
    return [{ of, name: left.name, kind, value, node }];
  }
  return ts.isCallExpression(expression) ? accessorsIn(expression, node) : [];
}

function accessorsIn(call: ts.CallExpression, node: ts.Node): readonly Part[] {
  const [target, name, descriptor] = call.arguments;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'defineProperty') return [];
  if (target === undefined || name === undefined || descriptor === undefined || !isPrototype(target)) return [];
  if (!ts.isStringLiteral(name) || !ts.isObjectLiteralExpression(descriptor)) return [];
  const of = target.expression.text;
  return descriptor.properties.flatMap((property): Part[] => {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return [];
    const value = bare(property.initializer);
    if (!ts.isFunctionExpression(value)) return [];
    if (property.name.text === 'get') return [{ of, name, kind: 'getter', value, node }];
    return property.name.text === 'set' ? [{ of, name, kind: 'setter', value, node }] : [];
  });
}

/** The class, standing where its first part does. */
export function convertFound(context: Context, found: Found): ClassStatement {
  const { declaration, superclass, parts } = found;
  const around = context.superclass;
  context.superclass = superclass?.text;
  const start = Math.min(rangeOf(context, declaration).start, rangeOf(context, found.start).start);
  const members: ClassMember[] = [];
  if (!forwards(declaration, superclass?.text)) {
    const value = convertFunction(context, declaration);
    members.push({ kind: 'constructor', start: value.start, end: value.end, value: { ...value, name: undefined } });
  }
  for (const part of parts) members.push(memberOf(context, part));
  const end = Math.max(start, ...members.map((member) => member.end), declaration.end);
  const of = superclass && convertExpression(context, superclass);
  context.superclass = around;
  const name = declaration.name?.text;
  return {
    kind: 'classDeclaration',
    start,
    end,
    class: { kind: 'class', start, end, name, superclass: of, members },
    exported: false,
  };
}

function memberOf(context: Context, { name, kind, value, node }: Part): ClassMember {
  const { start, end } = rangeOf(context, node);
  const key: PropertyKey = { kind: 'name', name: name.text, range: rangeOf(context, name) };
  const converted = convertExpression(context, value);
  if (kind === 'field') return { kind, start, end, key, static: false, value: converted };
  return { kind, start, end, key, static: false, value: { ...(converted as FunctionExpression), arrow: false } };
}

/** `function C() { return _super !== null && _super.apply(this, arguments) || this; }`: no constructor of its own. */
function forwards({ body }: ts.FunctionDeclaration, superclass: string | undefined): boolean {
  const [only, ...more] = body?.statements ?? [];
  if (superclass === undefined || only === undefined || more.length > 0 || !ts.isReturnStatement(only)) return false;
  const value = only.expression;
  if (value === undefined || !ts.isBinaryExpression(value) || value.operatorToken.kind !== K.BarBarToken) return false;
  const left = bare(value.left);
  const call = ts.isBinaryExpression(left) ? bare(left.right) : left;
  return superCallIn(call, superclass)?.all === true;
}

/** `_super.call(this, …)` and `_super.apply(this, arguments)`. */
export function superCallIn(
  node: ts.Expression,
  superclass: string,
): { readonly all: boolean; readonly args: readonly ts.Expression[] } | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression: object, name } = node.expression;
  const [self, ...args] = node.arguments;
  if (!ts.isIdentifier(object) || object.text !== superclass || self?.kind !== K.ThisKeyword) return undefined;
  if (name.text === 'call') return { all: false, args };
  const [list] = args;
  return name.text === 'apply' && list !== undefined && ts.isIdentifier(list) && list.text === 'arguments'
    ? { all: true, args: [list] }
    : undefined;
}

/** The name of `_super.prototype.name.call(this, …)`, and the arguments after `this`. */
export function superMethodIn(
  node: ts.CallExpression,
  superclass: string,
): { readonly name: ts.MemberName; readonly args: readonly ts.Expression[] } | undefined {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'call') return undefined;
  const method = callee.expression;
  if (!isPrototypeMember(method) || (method.expression.expression as ts.Identifier).text !== superclass)
    return undefined;
  const [, ...args] = node.arguments;
  return { name: method.name, args };
}

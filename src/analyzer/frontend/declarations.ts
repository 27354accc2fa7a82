/**
 * What a published package says of its compiled code: `foo.d.ts` beside `foo.js` gives the types that compiling took away.
 * They are read as written, and set where the code has none of its own.
 */
import type {
  ClassExpression,
  Expression,
  FunctionExpression,
  ProgramFile,
  Statement,
  TypeNode,
} from '../program/nodes';
import { type Context, createContext } from './context';
import { convertSignature, hasModifier, type Signature } from './functions';
import { convertStatements } from './statements';
import { convertType } from './types';
import { createTree, ts } from './typescript';

const K = ts.SyntaxKind;

interface DeclaredClass {
  /** By name; `constructor` is the constructor, and a static member has `static ` in front. */
  readonly members: ReadonlyMap<string, Signature>;
  readonly fields: ReadonlyMap<string, TypeNode>;
}

/** The signatures in a file of declarations, by the names that they have in it. */
export interface Declarations {
  readonly functions: ReadonlyMap<string, Signature>;
  readonly classes: ReadonlyMap<string, DeclaredClass>;
  /** Its types, and where those come from that it imports. */
  readonly types: readonly Statement[];
}

/** Reads declarations; undefined where they cannot be read. Never throws. */
export function parseDeclarations(path: string, text: string): Declarations | undefined {
  try {
    return declarationsIn(createTree(path, text, ts.ScriptKind.TS, false));
  } catch {
    return undefined;
  }
}

const TYPES: ReadonlySet<Statement['kind']> = new Set(['type', 'importDeclaration', 'exportNames', 'exportAll']);

function declarationsIn(source: ts.SourceFile): Declarations {
  const context = createContext(source);
  const functions = new Map<string, Signature | undefined>();
  const classes = new Map<string, DeclaredClass>();
  for (const node of source.statements) {
    if (ts.isFunctionDeclaration(node)) addOnce(functions, nameOf(node), convertSignature(context, node));
    else if (ts.isClassDeclaration(node)) classes.set(nameOf(node), declaredClass(context, node));
    else if (ts.isVariableStatement(node)) {
      for (const { name, type } of node.declarationList.declarations)
        if (ts.isIdentifier(name) && type !== undefined && ts.isFunctionTypeNode(type))
          addOnce(functions, name.text, convertSignature(context, type));
    }
  }
  const types = convertStatements(context, source.statements).filter(({ kind }) => TYPES.has(kind));
  return { functions: certain(functions), classes, types };
}

const nameOf = (node: ts.FunctionDeclaration | ts.ClassDeclaration): string => node.name?.text ?? 'default';

/** Of several overloads it is not known which one a call takes. */
function addOnce(to: Map<string, Signature | undefined>, name: string, signature: Signature): void {
  to.set(name, to.has(name) ? undefined : signature);
}

function certain(all: ReadonlyMap<string, Signature | undefined>): ReadonlyMap<string, Signature> {
  const kept = new Map<string, Signature>();
  for (const [name, signature] of all) if (signature !== undefined) kept.set(name, signature);
  return kept;
}

/** Private fields are declared without their types. */
const ANY: TypeNode = { kind: 'name', name: 'any', args: [] };

function declaredClass(context: Context, node: ts.ClassDeclaration): DeclaredClass {
  const members = new Map<string, Signature | undefined>();
  const fields = new Map<string, TypeNode>();
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member)) addOnce(members, 'constructor', convertSignature(context, member));
    const { name } = member;
    if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) continue;
    const key = hasModifier(member, K.StaticKeyword) ? `static ${name.text}` : name.text;
    if (ts.isMethodDeclaration(member) || ts.isGetAccessor(member))
      addOnce(members, key, convertSignature(context, member));
    else if (ts.isPropertyDeclaration(member) && key === name.text)
      fields.set(key, member.type ? convertType(member.type, context.source) : ANY);
  }
  return { members: certain(members), fields };
}

// ---------------------------------------------------------------- setting them

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Gives the functions and classes of a program's top level the types that its declarations name and its code lacks. The
 * program has just been made and is nobody else's yet, so they are set in it.
 */
export function declare(program: ProgramFile, declarations: Declarations): void {
  const open: Mutable<ProgramFile> = program;
  open.declared = declarations.types;
  for (const statement of program.body) {
    switch (statement.kind) {
      case 'functionDeclaration':
        declareFunction(statement.function, declarations.functions.get(statement.function.name ?? ''));
        break;
      case 'classDeclaration':
        declareValue(statement.class.name, statement.class, declarations);
        break;
      case 'exportDefault':
        if (statement.value.kind === 'function' || statement.value.kind === 'class')
          declareValue(statement.value.name ?? 'default', statement.value, declarations);
        break;
      case 'variables':
        for (const { pattern, value } of statement.declarations)
          if (pattern.kind === 'identifierPattern') declareValue(pattern.name, value, declarations);
        break;
      case 'expression':
        declareAssigned(statement.expression, declarations);
        break;
      default:
    }
  }
}

/** `exports.name = …`, and what a class has besides its methods: `C.name = …` */
function declareAssigned(expression: Expression, declarations: Declarations): void {
  if (expression.kind !== 'assign' || expression.target.kind !== 'targetPattern') return;
  const { target } = expression.target;
  if (target.kind !== 'member' || target.object.kind !== 'identifier') return;
  const owner = target.object.name;
  if (owner === 'exports') declareValue(target.property, expression.value, declarations);
  else if (expression.value.kind === 'function')
    declareFunction(expression.value, declarations.classes.get(owner)?.members.get(`static ${target.property}`));
}

function declareValue(name: string | undefined, value: Expression | undefined, declarations: Declarations): void {
  if (name === undefined || value === undefined) return;
  const declared = declarations.classes.get(name);
  if (value.kind === 'function') declareFunction(value, declarations.functions.get(name));
  else if (value.kind === 'class' && declared !== undefined) declareClass(value, declared);
  else if (value.kind === 'call' && value.callee.kind === 'function' && declared !== undefined)
    declareMade(name, value.callee.body, declared, declarations);
}

/** `const C = (() => { class C … return C; })()`: what a class with decorators or for older engines becomes. */
function declareMade(
  name: string,
  body: readonly Statement[],
  declared: DeclaredClass,
  declarations: Declarations,
): void {
  for (const statement of body) {
    if (statement.kind === 'classDeclaration' && statement.class.name === name) declareClass(statement.class, declared);
    if (statement.kind === 'expression') declareAssigned(statement.expression, declarations);
  }
}

function declareClass(cls: ClassExpression, { members, fields }: DeclaredClass): void {
  const open: Mutable<ClassExpression> = cls;
  open.declaredFields = fields;
  for (const member of cls.members) {
    if (member.kind === 'constructor') declareFunction(member.value, members.get('constructor'));
    if (member.kind !== 'method' && member.kind !== 'getter') continue;
    if (member.key.kind !== 'name') continue;
    const { name } = member.key;
    declareFunction(member.value, members.get(member.static ? `static ${name}` : name));
  }
}

function declareFunction(fn: FunctionExpression, signature: Signature | undefined): void {
  if (signature === undefined) return;
  const open: Mutable<FunctionExpression> = fn;
  if (signature.returns !== undefined) open.returns ??= signature.returns;
  for (const [i, parameter] of fn.parameters.entries()) {
    const declared = signature.parameters[i];
    if (declared?.type === undefined || declared.rest !== parameter.rest) continue;
    const own: Mutable<typeof parameter> = parameter;
    own.type ??= declared.type;
  }
}

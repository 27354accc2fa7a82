/**
 * The program tree: what the interpreter evaluates. It knows no source language and no parser; every node carries the
 * half-open range [start, end) of UTF-16 offsets that it covers in its file.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Node extends Range {
  readonly kind: string;
}

// ---------------------------------------------------------------- files

export interface ProgramFile {
  readonly path: string;
  readonly text: string;
  readonly body: readonly Statement[];
  /** Syntax errors: where the parser had to guess. The tree holds all that could be had. */
  readonly problems: readonly SyntaxProblem[];
  /** Module specifiers of imports, re-exports and `require` calls with a literal argument, in order of appearance. */
  readonly imports: readonly string[];
  readonly comments: readonly Comment[];
  /** The types of the declarations beside compiled code, and where those come from that they import. */
  readonly declared?: readonly Statement[];
}

export interface SyntaxProblem extends Range {
  readonly message: string;
}

/** A comment that addresses Normlens (`normlens-disable…`, `@shape …`) with its delimiters stripped. */
export interface Comment extends Range {
  readonly text: string;
}

// ---------------------------------------------------------------- types that carry facts

/** A type annotation, as written. It is never resolved by a type checker. */
export type TypeNode =
  | { readonly kind: 'name'; readonly name: string; readonly args: readonly TypeNode[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  | { readonly kind: 'tuple'; readonly elements: readonly TypeNode[] }
  | { readonly kind: 'array'; readonly element: TypeNode }
  | { readonly kind: 'union'; readonly options: readonly TypeNode[] }
  /** `bases`: what an interface extends. */
  | { readonly kind: 'object'; readonly members: readonly TypeMember[]; readonly bases?: readonly TypeNode[] }
  | { readonly kind: 'function'; readonly returns: TypeNode | undefined }
  | { readonly kind: 'opaque'; readonly text: string };

export interface TypeMember {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeNode;
}

// ---------------------------------------------------------------- patterns

export type Pattern = IdentifierPattern | ObjectPattern | ArrayPattern | DefaultPattern | TargetPattern;

/** Binds (in a declaration) or assigns (in an assignment) a variable. */
export interface IdentifierPattern extends Node {
  readonly kind: 'identifierPattern';
  readonly name: string;
  readonly type?: TypeNode;
}

export interface ObjectPattern extends Node {
  readonly kind: 'objectPattern';
  readonly properties: readonly { readonly key: PropertyKey; readonly value: Pattern }[];
  readonly rest?: Pattern;
  readonly type?: TypeNode;
}

export interface ArrayPattern extends Node {
  readonly kind: 'arrayPattern';
  /** null is a hole. */
  readonly elements: readonly (Pattern | null)[];
  readonly rest?: Pattern;
  readonly type?: TypeNode;
}

export interface DefaultPattern extends Node {
  readonly kind: 'defaultPattern';
  readonly target: Pattern;
  readonly value: Expression;
}

/** An assignment to a member: `[this.a, b.c] = …`. */
export interface TargetPattern extends Node {
  readonly kind: 'targetPattern';
  readonly target: MemberExpression | IndexExpression | ErrorExpression;
}

/** A property's name: known text, or an expression in brackets. */
export type PropertyKey =
  | { readonly kind: 'name'; readonly name: string; readonly range: Range }
  | { readonly kind: 'computed'; readonly expression: Expression };

// ---------------------------------------------------------------- expressions

export type Expression =
  | LiteralExpression
  | TemplateExpression
  | IdentifierExpression
  | ThisExpression
  | SuperExpression
  | ArrayExpression
  | ObjectExpression
  | FunctionExpression
  | ClassExpression
  | UnaryExpression
  | UpdateExpression
  | BinaryExpression
  | LogicalExpression
  | AssignExpression
  | ConditionalExpression
  | CallExpression
  | NewExpression
  | MemberExpression
  | IndexExpression
  | SequenceExpression
  | AwaitExpression
  | YieldExpression
  | ImportExpression
  | TypedExpression
  | ElementExpression
  | ErrorExpression;

export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly value: string | number | bigint | boolean | null | undefined | RegExpLiteral;
}

export interface RegExpLiteral {
  readonly pattern: string;
  readonly flags: string;
}

/** `texts` has one element more than `values`. A tagged template has its `tag`. */
export interface TemplateExpression extends Node {
  readonly kind: 'template';
  readonly tag?: Expression;
  readonly texts: readonly string[];
  readonly values: readonly Expression[];
}

export interface IdentifierExpression extends Node {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface ThisExpression extends Node {
  readonly kind: 'this';
}

/** `super` as a callee or as the object of a member. */
export interface SuperExpression extends Node {
  readonly kind: 'super';
}

export interface SpreadElement extends Node {
  readonly kind: 'spread';
  readonly value: Expression;
}

export interface ArrayExpression extends Node {
  readonly kind: 'array';
  /** null is a hole. */
  readonly elements: readonly (Expression | SpreadElement | null)[];
}

export type ObjectMember =
  | PropertyMember
  | SpreadElement
  /** A method is a property whose value is a function; accessors keep their kind. */
  | AccessorMember;

export interface PropertyMember extends Node {
  readonly kind: 'property';
  readonly key: PropertyKey;
  readonly value: Expression;
  readonly shorthand: boolean;
}

export interface AccessorMember extends Node {
  readonly kind: 'getter' | 'setter';
  readonly key: PropertyKey;
  readonly value: FunctionExpression;
}

export interface ObjectExpression extends Node {
  readonly kind: 'object';
  readonly members: readonly ObjectMember[];
}

export interface Parameter extends Node {
  readonly kind: 'parameter';
  readonly pattern: Pattern;
  readonly rest: boolean;
  readonly optional: boolean;
  readonly type?: TypeNode;
  /** TypeScript's `constructor(private x)`: the parameter is a field as well. */
  readonly field: boolean;
}

export interface FunctionExpression extends Node {
  readonly kind: 'function';
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[];
  /** An arrow function's expression body is one return statement. */
  readonly body: readonly Statement[];
  readonly arrow: boolean;
  readonly async: boolean;
  readonly generator: boolean;
  readonly returns?: TypeNode;
}

export interface ClassExpression extends Node {
  readonly kind: 'class';
  readonly name: string | undefined;
  readonly superclass: Expression | undefined;
  readonly members: readonly ClassMember[];
  /** The fields that declarations beside the code name. */
  readonly declaredFields?: ReadonlyMap<string, TypeNode>;
}

export type ClassMember =
  | (Node & {
      readonly kind: 'method' | 'getter' | 'setter';
      readonly key: PropertyKey;
      readonly static: boolean;
      readonly value: FunctionExpression;
    })
  | (Node & { readonly kind: 'constructor'; readonly value: FunctionExpression })
  | (Node & {
      readonly kind: 'field';
      readonly key: PropertyKey;
      readonly static: boolean;
      readonly value: Expression | undefined;
      readonly type?: TypeNode;
    })
  | (Node & { readonly kind: 'staticBlock'; readonly body: readonly Statement[] });

export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-' | '!' | '~' | 'typeof' | 'void' | 'delete';
  readonly operand: Expression;
}

export interface UpdateExpression extends Node {
  readonly kind: 'update';
  readonly operator: '++' | '--';
  readonly prefix: boolean;
  readonly target: Expression;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '=='
  | '!='
  | '==='
  | '!=='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '>>>'
  | 'in'
  | 'instanceof';

export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type LogicalOperator = '&&' | '||' | '??';

export interface LogicalExpression extends Node {
  readonly kind: 'logical';
  readonly operator: LogicalOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `operator` undefined is plain `=`; else the operator of a compound assignment (`+` of `+=`, `??` of `??=`). */
export interface AssignExpression extends Node {
  readonly kind: 'assign';
  readonly operator: BinaryOperator | LogicalOperator | undefined;
  readonly target: Pattern;
  readonly value: Expression;
}

export interface ConditionalExpression extends Node {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly then: Expression;
  readonly else: Expression;
}

export interface CallExpression extends Node {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly (Expression | SpreadElement)[];
  /** `f?.()` */
  readonly optional: boolean;
}

export interface NewExpression extends Node {
  readonly kind: 'new';
  readonly callee: Expression;
  readonly args: readonly (Expression | SpreadElement)[];
}

export interface MemberExpression extends Node {
  readonly kind: 'member';
  readonly object: Expression;
  /** Private names keep their `#`. */
  readonly property: string;
  readonly propertyRange: Range;
  readonly optional: boolean;
}

export interface IndexExpression extends Node {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression;
  readonly optional: boolean;
}

export interface SequenceExpression extends Node {
  readonly kind: 'sequence';
  readonly expressions: readonly Expression[];
}

export interface AwaitExpression extends Node {
  readonly kind: 'await';
  readonly value: Expression;
}

export interface YieldExpression extends Node {
  readonly kind: 'yield';
  readonly value: Expression | undefined;
  readonly delegate: boolean;
}

/** `import(…)` */
export interface ImportExpression extends Node {
  readonly kind: 'import';
  readonly source: Expression;
}

/** `value as type`, `value satisfies type`, `<type>value`; `as const` has no type. `!` and parentheses leave no node. */
export interface TypedExpression extends Node {
  readonly kind: 'typed';
  readonly value: Expression;
  readonly type?: TypeNode;
}

/** A JSX element: it is opaque, but what stands in its braces is evaluated. */
export interface ElementExpression extends Node {
  readonly kind: 'element';
  readonly expressions: readonly Expression[];
}

/** Code that could not be read, or a construct without meaning to the analyzer (`new.target`, `import.meta`). */
export interface ErrorExpression extends Node {
  readonly kind: 'error';
  readonly text: string;
}

// ---------------------------------------------------------------- statements

export type Statement =
  | VariableStatement
  | FunctionStatement
  | ClassStatement
  | EnumStatement
  | NamespaceStatement
  | TypeStatement
  | ExpressionStatement
  | IfStatement
  | ForStatement
  | ForEachStatement
  | WhileStatement
  | SwitchStatement
  | TryStatement
  | ThrowStatement
  | ReturnStatement
  | JumpStatement
  | LabeledStatement
  | BlockStatement
  | ImportStatement
  | ExportStatement
  | ExportAllStatement
  | ExportDefaultStatement;

export interface VariableStatement extends Node {
  readonly kind: 'variables';
  readonly mode: 'const' | 'let' | 'var' | 'using';
  readonly declarations: readonly Declaration[];
  readonly exported: boolean;
  /** `declare const x: T`: the value is made elsewhere, and only its type is known. */
  readonly ambient?: true;
}

export interface Declaration extends Node {
  readonly kind: 'declaration';
  readonly pattern: Pattern;
  readonly value: Expression | undefined;
}

export interface FunctionStatement extends Node {
  readonly kind: 'functionDeclaration';
  readonly function: FunctionExpression;
  readonly exported: boolean;
}

export interface ClassStatement extends Node {
  readonly kind: 'classDeclaration';
  readonly class: ClassExpression;
  readonly exported: boolean;
}

export interface EnumStatement extends Node {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: Expression | undefined }[];
  readonly exported: boolean;
}

export interface NamespaceStatement extends Node {
  readonly kind: 'namespace';
  readonly name: string;
  readonly body: readonly Statement[];
  readonly exported: boolean;
}

/** An interface or a type alias: kept, since its literal members are facts. */
export interface TypeStatement extends Node {
  readonly kind: 'type';
  readonly name: string;
  readonly type: TypeNode;
}

export interface ExpressionStatement extends Node {
  readonly kind: 'expression';
  readonly expression: Expression;
}

export interface IfStatement extends Node {
  readonly kind: 'if';
  readonly test: Expression;
  readonly then: Statement;
  readonly else: Statement | undefined;
}

export interface ForStatement extends Node {
  readonly kind: 'for';
  readonly init: VariableStatement | Expression | undefined;
  readonly test: Expression | undefined;
  readonly update: Expression | undefined;
  readonly body: Statement;
}

/** `for (… of …)`, `for await (… of …)` and `for (… in …)`. */
export interface ForEachStatement extends Node {
  readonly kind: 'forOf' | 'forIn';
  /** The mode of the declaration, or undefined where an existing variable is assigned. */
  readonly mode: VariableStatement['mode'] | undefined;
  readonly pattern: Pattern;
  readonly iterable: Expression;
  readonly body: Statement;
  /** `for await` */
  readonly awaits?: true;
}

/** `while` tests first, `doWhile` last. */
export interface WhileStatement extends Node {
  readonly kind: 'while' | 'doWhile';
  readonly test: Expression;
  readonly body: Statement;
}

export interface SwitchStatement extends Node {
  readonly kind: 'switch';
  readonly value: Expression;
  /** A case without a test is `default`. */
  readonly cases: readonly { readonly test: Expression | undefined; readonly body: readonly Statement[] }[];
}

export interface TryStatement extends Node {
  readonly kind: 'try';
  readonly block: BlockStatement;
  readonly handler: { readonly parameter: Pattern | undefined; readonly body: BlockStatement } | undefined;
  readonly finalizer: BlockStatement | undefined;
}

export interface ThrowStatement extends Node {
  readonly kind: 'throw';
  readonly value: Expression;
}

export interface ReturnStatement extends Node {
  readonly kind: 'return';
  readonly value: Expression | undefined;
}

export interface JumpStatement extends Node {
  readonly kind: 'break' | 'continue';
  readonly label: string | undefined;
}

export interface LabeledStatement extends Node {
  readonly kind: 'labeled';
  readonly label: string;
  readonly body: Statement;
}

export interface BlockStatement extends Node {
  readonly kind: 'block';
  readonly body: readonly Statement[];
}

/** `import d, { a as b } from 's'`, `import * as n from 's'`, `import n = require('s')` (as a namespace). Type-only imports are left out. */
export interface ImportStatement extends Node {
  readonly kind: 'importDeclaration';
  readonly source: string;
  readonly namespace: string | undefined;
  /** `imported` is 'default' for the default import. */
  readonly names: readonly { readonly imported: string; readonly local: string }[];
}

/** `export { a as b }`, with a source `export { a as b } from 's'`. */
export interface ExportStatement extends Node {
  readonly kind: 'exportNames';
  readonly source: string | undefined;
  readonly names: readonly { readonly local: string; readonly exported: string }[];
}

/** `export * from 's'`, `export * as n from 's'`. */
export interface ExportAllStatement extends Node {
  readonly kind: 'exportAll';
  readonly source: string;
  readonly as: string | undefined;
}

/** `export default …` and `export = …`. A function or class keeps its own name in scope. */
export interface ExportDefaultStatement extends Node {
  readonly kind: 'exportDefault';
  readonly value: Expression;
}

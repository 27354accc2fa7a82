/** Walks the program tree without recursion, so that no tree is too deep. */
import type {
  ClassMember,
  Declaration,
  Expression,
  ObjectMember,
  Parameter,
  Pattern,
  PropertyKey,
  Statement,
} from './nodes';

/** Whatever has a kind and a range. */
export type ProgramNode = Statement | Declaration | Expression | Pattern | Parameter | ObjectMember | ClassMember;

type Child = ProgramNode | null | undefined;

function keyed(key: PropertyKey): Child {
  return key.kind === 'computed' ? key.expression : undefined;
}

/** The nodes directly below `node`, in the order in which they stand in the source (or nearly: `do … while` too). */
export function children(node: ProgramNode): ProgramNode[] {
  return list(node).filter((child): child is ProgramNode => child !== null && child !== undefined);
}

function list(node: ProgramNode): readonly Child[] {
  switch (node.kind) {
    case 'literal':
    case 'identifier':
    case 'this':
    case 'super':
    case 'error':
    case 'identifierPattern':
    case 'type':
    case 'break':
    case 'continue':
    case 'importDeclaration':
    case 'exportNames':
    case 'exportAll':
      return [];
    case 'objectPattern':
      return [...node.properties.flatMap(({ key, value }) => [keyed(key), value]), node.rest];
    case 'arrayPattern':
      return [...node.elements, node.rest];
    case 'defaultPattern':
      return [node.target, node.value];
    case 'targetPattern':
      return [node.target];
    case 'template':
      return [node.tag, ...node.values];
    case 'array':
      return node.elements;
    case 'object':
    case 'class':
      return node.kind === 'class' ? [node.superclass, ...node.members] : node.members;
    case 'property':
    case 'getter':
    case 'setter':
    case 'method':
    case 'field':
      return [keyed(node.key), node.value];
    case 'constructor':
    case 'spread':
    case 'await':
    case 'yield':
    case 'typed':
    case 'throw':
    case 'return':
    case 'exportDefault':
      return [node.value];
    case 'staticBlock':
    case 'block':
    case 'namespace':
      return node.body;
    case 'parameter':
      return [node.pattern];
    case 'function':
      return [...node.parameters, ...node.body];
    case 'unary':
      return [node.operand];
    case 'update':
      return [node.target];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'assign':
      return [node.target, node.value];
    case 'conditional':
    case 'if':
      return [node.test, node.then, node.else];
    case 'call':
    case 'new':
      return [node.callee, ...node.args];
    case 'member':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'sequence':
    case 'element':
      return node.expressions;
    case 'import':
      return [node.source];
    case 'variables':
      return node.declarations;
    case 'declaration':
      return [node.pattern, node.value];
    case 'functionDeclaration':
      return [node.function];
    case 'classDeclaration':
      return [node.class];
    case 'enum':
      return node.members.map(({ value }) => value);
    case 'expression':
      return [node.expression];
    case 'for':
      return [node.init, node.test, node.update, node.body];
    case 'forOf':
    case 'forIn':
      return [node.pattern, node.iterable, node.body];
    case 'while':
      return [node.test, node.body];
    case 'doWhile':
      return [node.body, node.test];
    case 'switch':
      return [node.value, ...node.cases.flatMap(({ test, body }) => [test, ...body])];
    case 'try':
      return [node.block, node.handler?.parameter, node.handler?.body, node.finalizer];
    case 'labeled':
      return [node.body];
  }
}

/**
 * Calls `enter` on every node below the given ones and on these themselves, parents before children and in source
 * order. Where it returns false, the children are passed over.
 */
export function visit(roots: ProgramNode | readonly ProgramNode[], enter: (node: ProgramNode) => unknown): void {
  const stack: ProgramNode[] = isList(roots) ? [...roots].reverse() : [roots];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (enter(node) === false) continue;
    const below = children(node);
    for (let child = below.pop(); child; child = below.pop()) stack.push(child);
  }
}

function isList(roots: ProgramNode | readonly ProgramNode[]): roots is readonly ProgramNode[] {
  return Array.isArray(roots);
}

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

type Take = (child: Child) => void;

function keyed(key: PropertyKey, take: Take): void {
  if (key.kind === 'computed') take(key.expression);
}

function all(list: readonly Child[], take: Take): void {
  for (const child of list) take(child);
}

/** Hands on the nodes directly below `node`, in the order in which they stand in the source (or nearly: `do … while` too). */
function eachChild(node: ProgramNode, take: Take): void {
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
      return;
    case 'objectPattern':
      for (const { key, value } of node.properties) {
        keyed(key, take);
        take(value);
      }
      take(node.rest);
      return;
    case 'arrayPattern':
      all(node.elements, take);
      take(node.rest);
      return;
    case 'defaultPattern':
      take(node.target);
      take(node.value);
      return;
    case 'targetPattern':
      take(node.target);
      return;
    case 'template':
      take(node.tag);
      all(node.values, take);
      return;
    case 'array':
      all(node.elements, take);
      return;
    case 'object':
      all(node.members, take);
      return;
    case 'class':
      take(node.superclass);
      all(node.members, take);
      return;
    case 'property':
    case 'getter':
    case 'setter':
    case 'method':
    case 'field':
      keyed(node.key, take);
      take(node.value);
      return;
    case 'constructor':
    case 'spread':
    case 'await':
    case 'yield':
    case 'typed':
    case 'throw':
    case 'return':
    case 'exportDefault':
      take(node.value);
      return;
    case 'staticBlock':
    case 'block':
    case 'namespace':
      all(node.body, take);
      return;
    case 'parameter':
      take(node.pattern);
      return;
    case 'function':
      all(node.parameters, take);
      all(node.body, take);
      return;
    case 'unary':
      take(node.operand);
      return;
    case 'update':
      take(node.target);
      return;
    case 'binary':
    case 'logical':
      take(node.left);
      take(node.right);
      return;
    case 'assign':
      take(node.target);
      take(node.value);
      return;
    case 'conditional':
    case 'if':
      take(node.test);
      take(node.then);
      take(node.else);
      return;
    case 'call':
    case 'new':
      take(node.callee);
      all(node.args, take);
      return;
    case 'member':
      take(node.object);
      return;
    case 'index':
      take(node.object);
      take(node.index);
      return;
    case 'sequence':
    case 'element':
      all(node.expressions, take);
      return;
    case 'import':
      take(node.source);
      return;
    case 'variables':
      all(node.declarations, take);
      return;
    case 'declaration':
      take(node.pattern);
      take(node.value);
      return;
    case 'functionDeclaration':
      take(node.function);
      return;
    case 'classDeclaration':
      take(node.class);
      return;
    case 'enum':
      for (const { value } of node.members) take(value);
      return;
    case 'expression':
      take(node.expression);
      return;
    case 'for':
      take(node.init);
      take(node.test);
      take(node.update);
      take(node.body);
      return;
    case 'forOf':
    case 'forIn':
      take(node.pattern);
      take(node.iterable);
      take(node.body);
      return;
    case 'while':
      take(node.test);
      take(node.body);
      return;
    case 'doWhile':
      take(node.body);
      take(node.test);
      return;
    case 'switch':
      take(node.value);
      for (const { test, body } of node.cases) {
        take(test);
        all(body, take);
      }
      return;
    case 'try':
      take(node.block);
      take(node.handler?.parameter);
      take(node.handler?.body);
      take(node.finalizer);
      return;
    case 'labeled':
      take(node.body);
      return;
  }
}

/** The nodes directly below `node`. */
export function children(node: ProgramNode): ProgramNode[] {
  const found: ProgramNode[] = [];
  eachChild(node, (child) => {
    if (child !== null && child !== undefined) found.push(child);
  });
  return found;
}

/**
 * Calls `enter` on every node below the given ones and on these themselves, parents before children and in source
 * order. Where it returns false, the children are passed over.
 */
export function visit(roots: ProgramNode | readonly ProgramNode[], enter: (node: ProgramNode) => unknown): void {
  const stack: ProgramNode[] = isList(roots) ? [...roots].reverse() : [roots];
  const push: Take = (child) => {
    if (child !== null && child !== undefined) stack.push(child);
  };
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (enter(node) === false) continue;
    const from = stack.length;
    eachChild(node, push);
    for (let low = from, high = stack.length - 1; low < high; low += 1, high -= 1) {
      const swapped = stack[low] as ProgramNode;
      stack[low] = stack[high] as ProgramNode;
      stack[high] = swapped;
    }
  }
}

function isList(roots: ProgramNode | readonly ProgramNode[]): roots is readonly ProgramNode[] {
  return Array.isArray(roots);
}

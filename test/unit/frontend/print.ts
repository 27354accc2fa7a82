/** Prints the program tree as S-expressions, so that a test can say in one line what a piece of code becomes. */
import type {
  ClassMember,
  Expression,
  FunctionExpression,
  ObjectMember,
  Parameter,
  Pattern,
  PropertyKey,
  SpreadElement,
  Statement,
  TypeNode,
} from '../../../src/analyzer/program/nodes';

const words = (...parts: (string | false | undefined)[]) => parts.filter((part) => part).join(' ');
const group = (...parts: (string | false | undefined)[]) => `(${words(...parts)})`;
const typeOf = (node: { readonly type?: TypeNode }) => (node.type ? `: ${printType(node.type)}` : '');

export function printType(type: TypeNode): string {
  switch (type.kind) {
    case 'name':
      return type.args.length > 0 ? `${type.name}<${type.args.map(printType).join(', ')}>` : type.name;
    case 'literal':
      return type.value === undefined ? 'undefined' : JSON.stringify(type.value);
    case 'tuple':
      return `[${type.elements.map(printType).join(', ')}]`;
    case 'array':
      return `${printType(type.element)}[]`;
    case 'union':
      return `(${type.options.map(printType).join(' | ')})`;
    case 'object':
      return `{${type.members.map((m) => `${m.name}${m.optional ? '?' : ''}: ${printType(m.type)}`).join('; ')}}`;
    case 'function':
      return `() => ${type.returns ? printType(type.returns) : '?'}`;
    case 'opaque':
      return `opaque<${type.text}>`;
  }
}

function printKey(key: PropertyKey): string {
  return key.kind === 'name' ? key.name : `[${print(key.expression)}]`;
}

export function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'identifierPattern':
      return `${pattern.name}${typeOf(pattern)}`;
    case 'objectPattern': {
      const parts = pattern.properties.map(({ key, value }) => `${printKey(key)}: ${printPattern(value)}`);
      if (pattern.rest) parts.push(`...${printPattern(pattern.rest)}`);
      return `{${parts.join(', ')}}${typeOf(pattern)}`;
    }
    case 'arrayPattern': {
      const parts = pattern.elements.map((element) => (element ? printPattern(element) : '_'));
      if (pattern.rest) parts.push(`...${printPattern(pattern.rest)}`);
      return `[${parts.join(', ')}]${typeOf(pattern)}`;
    }
    case 'defaultPattern':
      return `${printPattern(pattern.target)} = ${print(pattern.value)}`;
    case 'targetPattern':
      return print(pattern.target);
  }
}

function printParameter(parameter: Parameter): string {
  const { field, rest, optional, pattern } = parameter;
  return `${field ? 'field ' : ''}${rest ? '...' : ''}${printPattern(pattern)}${optional ? '?' : ''}${typeOf(parameter)}`;
}

function printFunction(node: FunctionExpression): string {
  const head = words(node.async && 'async', node.arrow ? '=>' : `function${node.generator ? '*' : ''}`, node.name);
  const parameters = `(${node.parameters.map(printParameter).join(', ')})`;
  return group(
    head,
    parameters + (node.returns ? `: ${printType(node.returns)}` : ''),
    ...node.body.map(printStatement),
  );
}

function printMember(member: ObjectMember | ClassMember): string {
  switch (member.kind) {
    case 'spread':
      return `...${print(member.value)}`;
    case 'property':
      return member.shorthand ? printKey(member.key) : `${printKey(member.key)}: ${print(member.value)}`;
    case 'getter':
    case 'setter':
    case 'method': {
      const isStatic = 'static' in member && member.static;
      return group(isStatic && 'static', member.kind, printKey(member.key), print(member.value));
    }
    case 'constructor':
      return group('constructor', print(member.value));
    case 'field':
      return group(
        member.static && 'static',
        'field',
        printKey(member.key) + typeOf(member),
        member.value && print(member.value),
      );
    case 'staticBlock':
      return group('static', ...member.body.map(printStatement));
  }
}

export function print(node: Expression | SpreadElement): string {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      if (typeof value === 'bigint') return `${value}n`;
      if (value === undefined) return 'undefined';
      if (typeof value === 'object' && value !== null) return `/${value.pattern}/${value.flags}`;
      return JSON.stringify(value);
    }
    case 'template': {
      const parts = node.texts.flatMap((text, i) => {
        const value = node.values[i];
        return value ? [JSON.stringify(text), print(value)] : [JSON.stringify(text)];
      });
      return group('template', node.tag && `tag ${print(node.tag)}`, ...parts);
    }
    case 'identifier':
      return node.name;
    case 'this':
    case 'super':
      return node.kind;
    case 'spread':
      return `...${print(node.value)}`;
    case 'array':
      return `[${node.elements.map((element) => (element ? print(element) : '_')).join(', ')}]`;
    case 'object':
      return `{${node.members.map(printMember).join(', ')}}`;
    case 'function':
      return printFunction(node);
    case 'class':
      return group(
        'class',
        node.name,
        node.superclass && `extends ${print(node.superclass)}`,
        ...node.members.map(printMember),
      );
    case 'unary':
      return group(node.operator, print(node.operand));
    case 'update':
      return node.prefix ? group(node.operator, print(node.target)) : group(print(node.target), node.operator);
    case 'binary':
    case 'logical':
      return group(node.operator, print(node.left), print(node.right));
    case 'assign':
      return group(`${node.operator ?? ''}=`, printPattern(node.target), print(node.value));
    case 'conditional':
      return group('?', print(node.test), print(node.then), print(node.else));
    case 'call':
      return group(node.optional ? '?.call' : 'call', print(node.callee), ...node.args.map(print));
    case 'new':
      return group('new', print(node.callee), ...node.args.map(print));
    case 'member':
      return group(node.optional ? '?.' : '.', print(node.object), node.property);
    case 'index':
      return group(node.optional ? '?.[]' : '[]', print(node.object), print(node.index));
    case 'sequence':
      return group(',', ...node.expressions.map(print));
    case 'await':
      return group('await', print(node.value));
    case 'yield':
      return group(node.delegate ? 'yield*' : 'yield', node.value && print(node.value));
    case 'import':
      return group('import', print(node.source));
    case 'typed':
      return group('as', print(node.value), node.type && printType(node.type));
    case 'element':
      return group('element', ...node.expressions.map(print));
    case 'error':
      return `error<${node.text}>`;
  }
}

export function printStatement(node: Statement): string {
  switch (node.kind) {
    case 'variables': {
      const declarations = node.declarations.map(({ pattern, value }) =>
        value ? group('=', printPattern(pattern), print(value)) : printPattern(pattern),
      );
      return group(node.exported && 'export', node.ambient && 'declare', node.mode, ...declarations);
    }
    case 'functionDeclaration':
      return words(node.exported && 'export', print(node.function));
    case 'classDeclaration':
      return words(node.exported && 'export', print(node.class));
    case 'enum': {
      const members = node.members.map(({ name, value }) => (value ? `${name} = ${print(value)}` : name));
      return group(node.exported && 'export', 'enum', node.name, members.join(', '));
    }
    case 'namespace':
      return group(node.exported && 'export', 'namespace', node.name, ...node.body.map(printStatement));
    case 'type':
      return group('type', node.name, printType(node.type));
    case 'expression':
      return print(node.expression);
    case 'if':
      return group('if', print(node.test), printStatement(node.then), node.else && printStatement(node.else));
    case 'for': {
      const init =
        node.init === undefined ? '_' : node.init.kind === 'variables' ? printStatement(node.init) : print(node.init);
      const test = node.test ? print(node.test) : '_';
      return group('for', init, test, node.update ? print(node.update) : '_', printStatement(node.body));
    }
    case 'forOf':
    case 'forIn':
      return group(node.kind, node.mode, printPattern(node.pattern), print(node.iterable), printStatement(node.body));
    case 'while':
    case 'doWhile':
      return group(node.kind, print(node.test), printStatement(node.body));
    case 'switch': {
      const cases = node.cases.map(({ test, body }) =>
        group(test ? `case ${print(test)}` : 'default', ...body.map(printStatement)),
      );
      return group('switch', print(node.value), ...cases);
    }
    case 'try': {
      const { handler, finalizer } = node;
      const caught =
        handler && group('catch', handler.parameter && printPattern(handler.parameter), printStatement(handler.body));
      return group('try', printStatement(node.block), caught, finalizer && group('finally', printStatement(finalizer)));
    }
    case 'throw':
      return group('throw', print(node.value));
    case 'return':
      return group('return', node.value && print(node.value));
    case 'break':
    case 'continue':
      return group(node.kind, node.label);
    case 'labeled':
      return group('label', node.label, printStatement(node.body));
    case 'block':
      return `{${node.body.map(printStatement).join(' ')}}`;
    case 'importDeclaration': {
      const names = node.names.map(({ imported, local }) => (imported === local ? local : `${imported} as ${local}`));
      return group('import', node.namespace && `* as ${node.namespace}`, names.join(', '), JSON.stringify(node.source));
    }
    case 'exportNames': {
      const names = node.names.map(({ local, exported }) => (local === exported ? local : `${local} as ${exported}`));
      return group('export', names.join(', '), node.source !== undefined && `from ${JSON.stringify(node.source)}`);
    }
    case 'exportAll':
      return group('export *', node.as && `as ${node.as}`, `from ${JSON.stringify(node.source)}`);
    case 'exportDefault':
      return group('export default', print(node.value));
  }
}

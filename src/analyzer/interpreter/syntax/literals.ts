/** Values written out: literals, templates, lists, objects. */

import type {
  ArrayExpression,
  Expression,
  LiteralExpression,
  ObjectExpression,
  ObjectMember,
  TemplateExpression,
} from '../../program/nodes';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { patch } from '../values/patches';
import { textOf } from '../values/primitives';
import { loseContents } from '../values/properties';
import { ArrayValue, FunctionValue, isStructured, ObjectValue, UnknownValue, type Value } from '../values/values';
import { closure, evaluate, named } from './expressions';
import { lost } from './lost';
import { getMember, indexMember } from './members';
import { keyName } from './patterns';
import { appendSpread, push, spreadInto } from './spread';

export function literal(interpreter: Interpreter, node: LiteralExpression, scope: Scope): Value {
  const { value } = node;
  if (typeof value === 'object' && value !== null)
    return interpreter.library.regExp?.(value.pattern, value.flags) ?? lost(interpreter, node, scope, 'an expression');
  return value;
}

export function template(interpreter: Interpreter, node: TemplateExpression, scope: Scope): Value {
  if (node.tag !== undefined) return taggedTemplate(interpreter, node, node.tag, scope);
  const values = node.values.map((v) => evaluate(interpreter, v, scope));
  let text = node.texts[0] ?? '';
  for (const [i, value] of values.entries()) {
    const shown = textOf(interpreter, value, interpreter.place(node, scope.frame));
    if (shown === undefined)
      return (
        interpreter.because(value) ??
        new UnknownValue(
          interpreter.reason('unsupported', interpreter.place(node, scope.frame), 'text of a value that is not known'),
        )
      );
    text += shown + (node.texts[i + 1] ?? '');
  }
  return text;
}

function taggedTemplate(interpreter: Interpreter, node: TemplateExpression, tag: Expression, scope: Scope): Value {
  const at = interpreter.place(node, scope.frame);
  const self = tag.kind === 'member' || tag.kind === 'index' ? evaluate(interpreter, tag.object, scope) : undefined;
  const fn =
    tag.kind === 'member'
      ? getMember(interpreter, self, tag.property, at)
      : tag.kind === 'index'
        ? indexMember(interpreter, self, evaluate(interpreter, tag.index, scope), at)
        : evaluate(interpreter, tag, scope);
  const texts = new ArrayValue([...node.texts]);
  const values = node.values.map((v) => evaluate(interpreter, v, scope));
  const source = interpreter.modules.records.get(at.file)?.program.text.slice(node.start, node.end);
  if (source !== undefined && !source.includes('\\'))
    patch(interpreter, texts, 'raw', { value: new ArrayValue([...node.texts]) });
  else patch(interpreter, texts, 'raw', { value: lost(interpreter, node, scope, 'a template as it is written') });
  return interpreter.call(fn, [texts, ...values], at, self);
}

export function arrayLiteral(interpreter: Interpreter, node: ArrayExpression, scope: Scope): Value {
  const list = new ArrayValue();
  if (node.elements.length === 0) {
    interpreter.journal.born(list);
    list.since = interpreter.visits;
  }
  list.at = interpreter.place(node, scope.frame);
  for (const element of node.elements) {
    if (element === null) list.elements.length += 1;
    else if (element.kind === 'spread') appendSpread(interpreter, list, element, scope);
    else push(list, evaluate(interpreter, element, scope));
  }
  return list;
}

export function objectLiteral(interpreter: Interpreter, node: ObjectExpression, scope: Scope): Value {
  const object = new ObjectValue(new Map(), interpreter.place(node, scope.frame));
  if (node.members.length === 0) interpreter.journal.born(object);
  for (const member of node.members) {
    if (member.kind === 'spread') {
      spreadInto(
        interpreter,
        object,
        evaluate(interpreter, member.value, scope),
        interpreter.place(member, scope.frame),
      );
      continue;
    }
    const name = keyName(interpreter, member.key, scope);
    const value =
      member.kind === 'property'
        ? named(interpreter, member.value, scope, name)
        : closure(interpreter, member.value, scope, name);
    if (isPrototype(member)) {
      if (value === null || value instanceof ObjectValue) object.proto = value;
      else if (isStructured(value))
        object.open =
          interpreter.because(value) ?? lost(interpreter, node, scope, 'what it inherits from is not followed');
      continue;
    }
    if (name === undefined) {
      loseContents(interpreter, object, lost(interpreter, node, scope, 'a computed key is not known'));
      object.open = interpreter.unknown(
        'unsupported',
        interpreter.place(member, scope.frame),
        'a computed key is not known',
      );
    } else if (member.kind === 'property') {
      object.properties.set(name, { value, at: interpreter.place(member, scope.frame) });
      if (member.value.kind === 'function' || member.value.kind === 'object') own(object, name, value);
    } else {
      const before = object.properties.get(name);
      object.properties.set(name, { ...before, value: undefined, [member.kind]: value });
    }
  }
  return object;
}

/** `__proto__: value` in an object that is written out. */
const isPrototype = (member: ObjectMember): boolean =>
  member.kind === 'property' && !member.shorthand && member.key.kind === 'name' && member.key.name === '__proto__';

/** Where Vue keeps the methods of a component: `this` is the component. */
const PARTS_OF_COMPONENTS = new Set(['methods', 'computed', 'watch', 'actions']);

/** A function written in an object literal has that object as its `this`, unless it is called as another's. */
function own(object: ObjectValue, key: string, value: Value): void {
  if (value instanceof FunctionValue) value.owner = object;
  if (!(value instanceof ObjectValue) || !PARTS_OF_COMPONENTS.has(key)) return;
  for (const part of value.properties.values()) own(object, '', part.value);
}

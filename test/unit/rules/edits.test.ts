import { describe, expect, it } from 'vitest';
import { appendArgument, argumentsOf, deleteProperty, type Edit, setOption } from '../../../src/analyzer/rules/edits';
import type { LayerFact } from '../../../src/analyzer/trace/facts';
import { Builder } from './builders';

const apply = (source: string, edit: Edit | undefined): string | undefined =>
  edit === undefined ? undefined : source.slice(0, edit.at.start) + edit.text + source.slice(edit.at.end);

describe('deleting a property', () => {
  const deleted = (source: string, property: string) => {
    const b = new Builder(source);
    return apply(source, deleteProperty(b.trace, b.at(property)));
  };

  it.each([
    ['f({ axis: 1, epsilon: 2 })', 'axis: 1', 'f({ epsilon: 2 })'],
    ['f({ epsilon: 2, axis: 1 })', 'axis: 1', 'f({ epsilon: 2 })'],
    ['f({ axis: 1 })', 'axis: 1', 'f({})'],
    ['f({ a: 0, axis: 1, b: 2 })', 'axis: 1', 'f({ a: 0, b: 2 })'],
    ['f({ a: 0, axis: 1, })', 'axis: 1', 'f({ a: 0, })'],
    ['f({\n  a: 0,\n  axis: 1,\n  b: 2,\n})', 'axis: 1', 'f({\n  a: 0,\n  b: 2,\n})'],
    ['f({\n  a: 0,\n  axis: 1\n})', 'axis: 1', 'f({\n  a: 0\n})'],
    ['f({\n  a: 0, // kept\n  axis: 1, // goes on\n})', 'axis: 1', 'f({\n  a: 0, // kept\n  // goes on\n})'],
    ['f({ a: 0 /* why */, axis: 1 })', 'axis: 1', 'f({ a: 0 /* why */ })'],
  ])('turns %j without %s into %j', (source, property, wanted) => {
    expect(deleted(source, property)).toBe(wanted);
  });
});

describe('setting an option', () => {
  const set = (source: string, literal: string | undefined, present?: string) => {
    const b = new Builder(source);
    const options = new Map(present === undefined ? [] : [['axis', { value: 1, at: b.at(present) }]]);
    const layer: LayerFact = {
      ...b.layer('batchNormalization'),
      at: b.at(source),
      optionsAt: literal === undefined ? undefined : b.at(literal),
      options,
    };
    return apply(source, setOption(b.trace, layer, 'axis', '-1'));
  };

  it.each([
    ['bn()', undefined, undefined, 'bn({ axis: -1 })'],
    ['bn( )', undefined, undefined, 'bn({ axis: -1 })'],
    ['bn({})', '{}', undefined, 'bn({ axis: -1 })'],
    ['bn({ axis: 1 })', '{ axis: 1 }', 'axis: 1', 'bn({ axis: -1 })'],
    ['bn({ a: 2 })', '{ a: 2 }', undefined, 'bn({ a: 2, axis: -1 })'],
    ['bn({ a: 2, })', '{ a: 2, }', undefined, 'bn({ a: 2, axis: -1 })'],
    ['bn({\n    a: 2,\n  })', '{\n    a: 2,\n  }', undefined, 'bn({\n    a: 2,\n    axis: -1,\n  })'],
    ['bn({\n  a: 2\n})', '{\n  a: 2\n}', undefined, 'bn({\n  a: 2,\n  axis: -1\n})'],
    ['bn(options)', undefined, undefined, undefined],
  ])('in %s, options %s with %s, gives %s', (source, literal, present, wanted) => {
    expect(set(source, literal, present)).toBe(wanted);
  });
});

describe('the arguments of a call', () => {
  it.each([
    ['f(a, b)', ['a', 'b']],
    ['f()', []],
    ['net().apply(x, { training: true },)', ['x', '{ training: true }']],
    ["f('a, (b', [1, 2], // c, d\n g(x, y))", ["'a, (b'", '[1, 2]', '// c, d\n g(x, y)']],
    ['f(`a, b`)', undefined],
    ['f(/[(]/, b)', undefined],
    ['f', undefined],
  ])('of %j are %j', (source, wanted) => {
    const b = new Builder(source);
    expect(argumentsOf(b.trace, b.at(source))?.map((at) => b.trace.text(at))).toEqual(wanted);
  });
});

describe('appending an argument', () => {
  it.each([
    ['f()', 'f(true)'],
    ['f(x)', 'f(x, true)'],
    ['f(x, 1,)', 'f(x, 1, true)'],
    ['f(\n  x, // why\n)', 'f(\n  x, true // why\n)'],
    ['f(x /* , */)', 'f(x, true /* , */)'],
    ["f('a//b')", "f('a//b', true)"],
  ])('to %j gives %j', (source, wanted) => {
    const b = new Builder(source);
    expect(apply(source, appendArgument(b.trace, b.at(source), 'true'))).toBe(wanted);
  });
});

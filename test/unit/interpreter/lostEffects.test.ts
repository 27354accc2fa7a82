import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

/** Whether the analyzer takes it for possible that `condition` holds after the program. */
const mayBe = (program: string, condition: string): boolean => {
  const seen = evaluate(`${program}\nlet seen = false; if (${condition}) seen = true;`).get('seen');
  return JSON.stringify(seen).includes('true');
};

describe('a recursion that is followed no deeper', () => {
  test('may have changed an argument any number of times', () => {
    const program = `function grow(n, o) { if (n > 0) { o.size += 1; grow(n - 1, o); } }
      const given = { size: 1 }; if (outside()) grow(outside(), given);`;
    expect(mayBe(program, 'given.size > 2')).toBe(true);
  });

  test('may have changed fields of its object', () => {
    const program = `class Counter { constructor() { this.k = 1; this.same = 4; }
        go(n) { if (n > 0) { this.k += 2; this.go(n - 1); } } }
      const counter = new Counter(); if (outside()) counter.go(outside());`;
    expect(mayBe(program, 'counter.k > 3')).toBe(true);
    expect(evaluate(`${program} const same = counter.same;`).get('same')).toBe(4);
  });

  test('may have changed fields by way of another method', () => {
    const program = `class Counter { constructor() { this.k = 1; } add() { this.k += 2; }
        go(n) { if (n > 0) { this.add(); this.go(n - 1); } } }
      const counter = new Counter(); if (outside()) counter.go(outside());`;
    expect(mayBe(program, 'counter.k > 3')).toBe(true);
  });

  test('may have changed what a field holds', () => {
    const program = `class Counter { constructor() { this.list = []; }
        go(n) { if (n > 0) { this.list.push(n); this.go(n - 1); } } }
      const counter = new Counter(); if (outside()) counter.go(outside());`;
    expect(mayBe(program, 'counter.list.length > 2')).toBe(true);
  });

  test('leaves an argument that it only reads', () => {
    const program = `function depth(node, options) { return node.leaf ? options.first : depth(node.next, options); }
      const options = { first: 2 }; const result = depth(outside(), options); const first = options.first;`;
    expect(evaluate(program).get('first')).toBe(2);
  });

  test('leaves an object of which it only reads another property', () => {
    const program = `const all = { list: [], units: 8, get own() { return all.units; } };
      function walk(node) { if (node.leaf) all.list.push(node); else { walk(node.left); walk(node.right); } }
      if (outside()) walk(outside()); const units = all.units;`;
    expect(evaluate(program).get('units')).toBe(8);
    expect(mayBe(program, 'all.list.length > 2')).toBe(true);
  });

  test('loses an object of which it assigns a property, calls a method or reads by a computed key', () => {
    for (const change of ['all.units = n', 'all.double()', 'delete all.units', 'outside(all)', '[all.units] = [n]']) {
      const program = `const all = { units: 8, double() { this.units *= 2; } };
        function walk(n) { if (n > 0) { ${change}; walk(n - 1); } }
        if (outside()) walk(outside());`;
      expect(mayBe(program, 'all.units > 20'), change).toBe(true);
    }
  });
});

describe('a function that gave nothing known again and again', () => {
  test('is no constructor: what that gives is its object', () => {
    const { get } = evaluate(
      `const lib = { size: 4, use(x) { return x; } };
       class Box { constructor(x) { this.x = lib.use(x); } }
       for (let i = 0; i < 20; i++) new Box(outside());
       const size = lib.size; const last = new Box(3).x;`,
    );
    expect(get('size')).toBe(4);
    expect(get('last')).toBe(3);
  });
});

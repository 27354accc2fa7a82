import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Change,
  changed,
  defaultState,
  editorLink,
  type PlaygroundState,
  type PropertyName,
  property,
  propertyNames,
  readChange,
  readQuery,
  SCENES,
  stateQuery,
} from '../../../src/shared/playground';

/** Any value that a property may have, by its row. */
function anyValueOf(name: PropertyName): fc.Arbitrary<unknown> {
  const row = property(name);
  switch (row.kind) {
    case 'number':
      return row.integer
        ? fc.integer({ min: row.min, max: row.max })
        : fc.double({ min: row.min, max: row.max, noNaN: true }).map((value) => value + 0);
    case 'choice':
      return fc.constantFrom(...Object.keys(row.options));
    case 'set':
      return fc.subarray(Object.keys(row.options), { minLength: 1 });
    case 'flag':
      return fc.boolean();
    case 'text':
      return fc.stringMatching(/^[\p{L}0-9 ._\-/$:@()[\]]{0,40}$/u).filter((words) => words.length <= row.maxLength);
    case 'edits':
      return fc.dictionary(fc.nat(32_767).map(String), fc.integer({ min: -999, max: 999 }), { maxKeys: 16 });
  }
}

const states = fc.record(
  Object.fromEntries(propertyNames.map((name) => [name, anyValueOf(name)])),
) as unknown as fc.Arbitrary<PlaygroundState>;

describe('the table of properties', () => {
  it('has defaults that it would read itself', () => {
    for (const name of propertyNames) {
      const { change, refused } = readChange({ [name]: defaultState[name] });
      expect(refused, name).toEqual([]);
      expect(change[name], name).toEqual(defaultState[name]);
    }
  });

  it('has slider stops in ascending order, inside the range, with room for the default', () => {
    for (const name of propertyNames) {
      const row = property(name);
      if (row.kind !== 'number') continue;
      expect(
        [...row.stops].sort((a, b) => a - b),
        name,
      ).toEqual(row.stops);
      expect(new Set(row.stops).size, name).toBe(row.stops.length);
      for (const stop of row.stops) expect(row.read(stop), `${name} ${stop}`).toBe(stop);
    }
  });

  it('labels every property and names only scenes that exist', () => {
    for (const name of propertyNames) {
      expect(property(name).label, name).not.toBe('');
      for (const scene of property(name).scenes) expect(Object.keys(SCENES)).toContain(scene);
    }
  });
});

describe('a link', () => {
  it('brings any state back', () => {
    fc.assert(
      fc.property(states, (state) => {
        const { change, refused } = readQuery(stateQuery(state));
        expect(refused).toEqual([]);
        expect(changed(defaultState, change)).toEqual(state);
      }),
    );
  });

  it('survives the editor, which decodes a query once before it hands it over', () => {
    fc.assert(
      fc.property(states, (state) => {
        const query = new URL(editorLink(state)).search.slice(1);
        const { change } = readQuery(decodeURIComponent(query));
        expect(changed(defaultState, change)).toEqual(state);
      }),
    );
  });

  it('of the defaults is empty', () => {
    expect(stateQuery(defaultState)).toBe('');
    expect(editorLink(defaultState)).toBe('vscode://normlens.normlens/playground?');
  });
});

describe('input of unknown origin', () => {
  it('never throws, and always gives a state whose every value its row would read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webQueryParameters()), (query) => {
        const state = changed(defaultState, readQuery(query).change);
        expect(readChange(state).refused).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...propertyNames), fc.anything())), (given) => {
        const state = changed(defaultState, readChange(given).change);
        expect(readChange(state).refused).toEqual([]);
      }),
    );
  });

  it('out of range falls back to the default, with a word that names the setting and the value', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['batch=0', 'Batch N cannot be “0”.'],
      ['batch=2.5', 'Batch N cannot be “2.5”.'],
      ['batch=1e309', 'Batch N cannot be “1e309”.'],
      ['batch=NaN', 'Batch N cannot be “NaN”.'],
      ['scene=%3Cscript%3E', 'Scene cannot be “<script>”.'],
      ['norm=constructor', 'Norm cannot be “constructor”.'],
      ['norms=', 'Norms cannot be “”.'],
      ['edits=1:1e99', 'Changed cells cannot be “1:1e99”.'],
      ['edits=__proto__:1', 'Changed cells cannot be “__proto__:1”.'],
      ['layer=%3Cimg%20src%3Dx%3E', 'Layer cannot be “<img src=x>”.'],
      ['nonsense=1', 'There is no setting “nonsense”.'],
      ['__proto__=1', 'There is no setting “__proto__”.'],
      ['%E0%A4%A=1', 'There is no setting “%E0%A4%A”.'],
    ];
    for (const [query, words] of cases) {
      const { change, refused } = readQuery(query);
      expect(refused, query).toEqual([words]);
      expect(change, query).toEqual({});
    }
  });

  it('keeps what is right beside what is wrong', () => {
    const { change, refused } = readQuery('?batch=32&channels=-1&norm=group');
    expect(change).toEqual({ batch: 32, norm: 'group' } satisfies Change);
    expect(refused).toHaveLength(1);
  });

  it('says a long value only in part', () => {
    const [words = ''] = readQuery(`batch=${'9'.repeat(500)}`).refused;
    expect(words.length).toBeLessThan(80);
  });
});

/** `Symbol`, and the symbols that the language itself looks for. */
import { NativeFunction, SymbolValue, type Value } from '../../interpreter/values/values';

const WELL_KNOWN = [
  'asyncIterator',
  'hasInstance',
  'isConcatSpreadable',
  'iterator',
  'match',
  'matchAll',
  'replace',
  'search',
  'species',
  'split',
  'toPrimitive',
  'toStringTag',
  'unscopables',
] as const;

const REGISTRY = Symbol('the symbols that programs share by name');

export const symbolConstructor = new NativeFunction(
  'Symbol',
  ({ interpreter, args: [description] }) => {
    const count = interpreter.store<{ made: number }>(REGISTRY, () => ({ made: 0 }));
    count.made += 1;
    return new SymbolValue(`made ${count.made}`, typeof description === 'string' ? description : undefined);
  },
  {
    members: new Map<string, Value>([
      ...WELL_KNOWN.map((name): [string, Value] => [name, new SymbolValue(name, `Symbol.${name}`)]),
      [
        'for',
        new NativeFunction('for', ({ interpreter, args: [name], at }) => {
          if (typeof name !== 'string') return interpreter.unknown('unsupported', at, 'the name of a symbol');
          const named = interpreter.store<Map<string, SymbolValue>>(symbolConstructor, () => new Map());
          const known = named.get(name) ?? new SymbolValue(`for ${name}`, name);
          named.set(name, known);
          return known;
        }),
      ],
    ]),
  },
);

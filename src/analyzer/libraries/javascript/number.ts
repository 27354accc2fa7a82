import { NativeFunction, type Value } from '../../interpreter/values/values';
import { isPoly, type Poly } from '../../shapes/dim';

const TEXTS: ReadonlySet<string> = new Set(['toString', 'toFixed', 'toPrecision', 'toExponential']);

/** `number.name`: the text of numbers. */
export function numberMember(number: number | Poly, name: string): Value {
  if (TEXTS.has(name))
    return new NativeFunction(name, ({ interpreter, args, at }) => {
      if (isPoly(number) || args.some((arg) => arg !== undefined && typeof arg !== 'number'))
        return interpreter.unknown('unsupported', at, 'the text of a number that is not known');
      try {
        return (number[name as 'toFixed'] as (digits?: number) => string).call(number, args[0] as number | undefined);
      } catch {
        return interpreter.unknown('error', at, `${name} throws on these arguments`);
      }
    });
  if (name === 'valueOf') return new NativeFunction(name, () => number);
  return undefined;
}

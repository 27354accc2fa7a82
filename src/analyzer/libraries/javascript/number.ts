import { NativeFunction, type Value } from '../../interpreter/values';
import { isPoly, type Poly, showDim } from '../../shapes/dim';

/** `number.name`: the text of numbers; a named number shows as its name. */
export function numberMember(number: number | Poly, name: string): Value {
  if (name === 'toString')
    return new NativeFunction(name, ({ args: [radix] }) =>
      isPoly(number) ? showDim(number) : number.toString(typeof radix === 'number' ? radix : 10),
    );
  if (name === 'toFixed')
    return new NativeFunction(name, ({ args: [digits] }) =>
      isPoly(number) ? showDim(number) : number.toFixed(typeof digits === 'number' ? digits : 0),
    );
  if (name === 'valueOf') return new NativeFunction(name, () => number);
  return undefined;
}

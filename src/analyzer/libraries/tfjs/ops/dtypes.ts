import { no } from './row';

/** A dtype, or undefined where it is not known. */
export type Dtype = string | undefined;

const ORDER = ['bool', 'int32', 'float32', 'complex64'];

export const DTYPES: readonly string[] = [...ORDER, 'string'];

/** The dtype of a result of both, as tfjs's `upcastType`; strings mix with nothing. */
export function upcast(a: Dtype, b: Dtype): Dtype {
  if (a === undefined || b === undefined) return a === 'complex64' || b === 'complex64' ? 'complex64' : undefined;
  if (a === b) return a;
  if (a === 'string' || b === 'string') no('dtype', `${a} and ${b} cannot be mixed`, `Can not upcast ${a} with ${b}`);
  return ORDER[Math.max(ORDER.indexOf(a), ORDER.indexOf(b))];
}

/** What sums and products of this dtype have: bool counts in int32. */
export function sumType(dtype: Dtype): Dtype {
  return upcast(dtype, 'int32');
}

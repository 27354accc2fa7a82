/** Which typed arrays tfjs takes, and which it gives. */
import type { TypedName } from '../javascript';

/** What tfjs makes of those that it takes (`inferDtype` in tfjs-core's util_base.ts); it takes no others. */
export const DTYPE_OF: Readonly<Partial<Record<TypedName, string>>> = {
  Float32Array: 'float32',
  Int32Array: 'int32',
  Uint8Array: 'int32',
  Uint8ClampedArray: 'int32',
};

const KEPT_IN: Readonly<Record<string, TypedName>> = {
  float32: 'Float32Array',
  complex64: 'Float32Array',
  int32: 'Int32Array',
  bool: 'Uint8Array',
};

/** What holds the numbers of a tensor of this dtype. */
export const keptIn = (dtype: string | undefined): TypedName | undefined =>
  dtype === undefined ? undefined : KEPT_IN[dtype];

import type { RefusalCode } from '../../../trace/facts';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { refuse } from '../../refused';

type Flags = Omit<OpSpec, 'name' | 'params' | 'run'>;

/** A row: `row('sum', 'x axis keepDims', run, METHOD)`. */
export function row(name: string, params: string, run: (call: OpCall) => OpResult, flags: Flags = {}): OpSpec {
  return { name, params: params === '' ? [] : params.split(' '), run, ...flags };
}

/** `tf.sum(x)` and `x.sum()`. */
export const METHOD: Flags = { method: true };

/** Only `x.flatten()`. */
export const METHOD_ONLY: Flags = { method: true, methodOnly: true };

const LONGEST = 100;

/**
 * Refuses as tfjs would.
 * @param message our words with the sizes; cut to one line of 100 characters
 * @param original the beginning of what tfjs itself says; undefined where it only trips over the value
 * @param advice what to do, where it is not what is to be done about others of the code
 */
export function no(code: RefusalCode, message: string, original?: string, argument?: string, advice?: string): never {
  const line = message.length > LONGEST ? `${message.slice(0, LONGEST - 1)}…` : message;
  return refuse(code, line, { original, argument, ...(advice === undefined ? {} : { advice }) });
}

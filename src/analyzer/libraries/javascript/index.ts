import type { LanguageMembers } from '../../interpreter/library';
import { arrayMember } from './array';
import { functionMember } from './functions';
import { numberMember } from './number';
import { promiseMember } from './promises';
import { stringMember } from './string';

export { arrayMember, ofKnownLength } from './array';
export { compilerHelpers, tslib } from './compilerHelpers';
export { globals, TypedArrayValue } from './globals';
export { RegExpValue } from './regexp';
export { TypedList, type TypedName } from './typedArrays';

/** What strings, numbers, lists, functions and promises can do. */
export const members: LanguageMembers = {
  string: stringMember,
  number: numberMember,
  list: arrayMember,
  function: functionMember,
  promise: promiseMember,
};

export { arrayMember } from './array';
export { functionMember, promiseMember } from './functions';
export { globals } from './globals';
export { fromJson } from './json';
export { numberMember } from './number';
export { stringMember } from './string';

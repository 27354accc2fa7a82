export { type Declarations, declare, parseDeclarations } from './declarations';
export { parse } from './parse';

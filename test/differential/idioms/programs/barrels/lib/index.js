export * as blocks from './blocks.js';
export { default } from './build.js';
export { CHANNELS, WIDTH as width } from './constants.js';
export * from './head.js';
export const config = { size: 16 };

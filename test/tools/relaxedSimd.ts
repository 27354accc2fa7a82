// WebAssembly's relaxed SIMD, which Chromium has had since 114 and Node since 21, in Node 20 too: imported before anything is
// compiled that is to have it.
import { setFlagsFromString } from 'node:v8';

/** A module of one function with one f32x4.relaxed_madd of zeros. */
const zero = [0x41, 0, 0xfd, 0x11];
const body = [0, ...zero, ...zero, ...zero, 0xfd, 0x85, 2, 0x1a, 0x0b];
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
const probe = Uint8Array.from([...header, 10, body.length + 2, 1, body.length, ...body]);

/** Whether it had to be asked for. */
export const byFlag = !WebAssembly.validate(probe);
if (byFlag) setFlagsFromString('--experimental-wasm-relaxed-simd');

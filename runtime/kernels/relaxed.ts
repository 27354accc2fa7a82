// Relaxed SIMD has a multiply-add that rounds once and takes one instruction. The modules are compiled with it; a host that
// does not know it gets a product and a sum instead.

/** f32x4.relaxed_madd, "local.get spare, drop" and four nops: as spacious.js writes them, with any local. */
const fused = [0xfd, 0x85, 2, 0x20, -1, 0x1a, 1, 1, 1, 1];

/** The module without relaxed SIMD: c waits in the spare local while a and b are multiplied. */
export function withoutRelaxed(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = module.slice();
  for (let i = 0; i < bytes.length; i++) {
    if (!fused.every((byte, k) => byte < 0 || bytes[i + k] === byte)) continue;
    const local = bytes[i + 4] ?? 0;
    // local.set, f32x4.mul, local.get, f32x4.add
    bytes.set([0x21, local, 0xfd, 0xe6, 1, 0x20, local, 0xfd, 0xe4, 1], i);
  }
  return bytes;
}

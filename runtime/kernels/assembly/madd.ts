/**
 * a·b + c, rounded once. Where the host has no relaxed SIMD, the loader writes a product and a sum in its place
 * (relaxed.ts), which round twice: no kernel may count on either.
 */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

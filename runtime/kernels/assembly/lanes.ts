// What the kernels for rows share.
import { madd } from './madd';

/** (x − high)·rstd + offset of one vector. */
// @ts-ignore: decorator
@inline
export function hatOf(v: v128, h: v128, s: v128, t: v128): v128 {
  return madd(f32x4.sub(v, h), s, t);
}

/** A vector by way of memory, as `pinned` in sums.ts. */
// @ts-ignore: decorator
@inline
export function kept(v: v128, at: usize): v128 {
  v128.store(at, v);
  return v128.load(at);
}

/** The sums of the lanes of four vectors, as the lanes of one. */
// @ts-ignore: decorator
@inline
export function lanesOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
export function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

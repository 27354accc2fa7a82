// Two-pass reductions in float64 over one contiguous piece of float32 memory.

/** The results of the last reduction: mean and variance, or two sums. A pair of fields spares an allocation a call. */
export const result = { first: 0, second: 0 };

/** Mean and biased variance of n elements from index i. */
export function moments(f32: Float32Array, i: number, n: number): void {
  let a = 0;
  let b = 0;
  const end = i + n;
  const even = i + (n & ~1);
  for (let j = i; j < even; j += 2) {
    a += f32[j] as number;
    b += f32[j + 1] as number;
  }
  if (even < end) a += f32[even] as number;
  const mean = (a + b) / n;
  a = 0;
  b = 0;
  for (let j = i; j < even; j += 2) {
    const d = (f32[j] as number) - mean;
    const e = (f32[j + 1] as number) - mean;
    a += d * d;
    b += e * e;
  }
  if (even < end) a += ((f32[even] as number) - mean) ** 2;
  result.first = mean;
  result.second = (a + b) / n;
}

/** 0 and the mean square of n elements from index i. */
export function meanSquare(f32: Float32Array, i: number, n: number): void {
  let a = 0;
  for (let j = i; j < i + n; j++) a += (f32[j] as number) * (f32[j] as number);
  result.first = 0;
  result.second = a / n;
}

/** Σg and Σg·(x − high) of n elements. */
export function pairSums(f32: Float32Array, x: number, g: number, n: number, high: number): void {
  let a = 0;
  let b = 0;
  for (let j = 0; j < n; j++) {
    const v = f32[g + j] as number;
    a += v;
    b += v * ((f32[x + j] as number) - high);
  }
  result.first = a;
  result.second = b;
}

/** Views over the memory that pointers of the plain kernels point into; replaced whenever the memory grows. */
export interface Memory {
  f32: Float32Array;
  f64: Float64Array;
}

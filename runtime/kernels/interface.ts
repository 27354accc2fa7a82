// What both kernels, AssemblyScript SIMD (assembly/) and plain TypeScript (plain/), offer. Every pointer is a byte offset
// into the engine's memory, 8-aligned for float64; 0 means "none". Sizes are in elements. Sums over γ's gradient are
// added onto float64 arrays that the caller cleared.

type P = number;
type N = number;

/** γ and β along contiguous rows: layer norm, RMS norm. */
export interface RowKernels {
  /** γ is required, and β where the rows are centered. */
  rowsForward(x: P, y: P, rows: N, width: N, gamma: P, beta: P, epsilon: N, centered: N, means: P, rstds: P): void;
  /** γ is required; scratch: rowScratch bytes */
  // biome-ignore format: one argument list a line
  rowsBackward(x: P, dy: P, dx: P, rows: N, width: N, gamma: P, centered: N, means: P, rstds: P, dgamma: P, dbeta: P, scratch: P): void;
}

/** Channels first: set (o, k) is r1 · sub segments of len elements; segment i takes γ[i mod period]. */
export interface SegmentKernels {
  // biome-ignore format: one argument list a line
  segmentsForward(x: P, y: P, o: N, r1: N, k: N, sub: N, len: N, gamma: P, beta: P, period: N, epsilon: N, centered: N, means: P, rstds: P, variances: P): void;
  // biome-ignore format: one argument list a line
  segmentsBackward(x: P, dy: P, dx: P, o: N, r1: N, k: N, sub: N, len: N, gamma: P, period: N, centered: N, means: P, rstds: P, dgamma: P, dbeta: P): void;
  segmentMoments(x: P, n: N, len: N, centered: N, means: P, variances: P): void;
  segmentApply(x: P, y: P, n: N, len: N, high: P, scale: P, offset: P, period: N): void;
  /** Also dx = dy·scale, where dx is not 0. */
  segmentPairSums(x: P, dy: P, n: N, len: N, high: P, period: N, sum: P, product: P, dx: P, scale: P): void;
  segmentCombine(x: P, dy: P, dx: P, n: N, len: N, high: P, a: P, b: P, c: P, period: N): void;
}

/** Channels last: set (o, k) is r2 columns of r1 rows; γ changes every affineRows rows. scratch: columnScratch bytes. */
export interface ColumnKernels {
  // biome-ignore format: one argument list a line
  columnsForward(x: P, y: P, o: N, r1: N, k: N, r2: N, gamma: P, beta: P, affineRows: N, epsilon: N, centered: N, means: P, rstds: P, variances: P, scratch: P): void;
  // biome-ignore format: one argument list a line
  columnsBackward(x: P, dy: P, dx: P, o: N, r1: N, k: N, r2: N, gamma: P, affineRows: N, centered: N, means: P, rstds: P, dgamma: P, dbeta: P, scratch: P): void;
  columnMoments(x: P, o: N, rows: N, columns: N, centered: N, means: P, variances: P, scratch: P): void;
  // biome-ignore format: one argument list a line
  columnApply(x: P, y: P, blocks: N, rows: N, columns: N, high: P, scale: P, offset: P, period: N, scratch: P): void;
  // biome-ignore format: one argument list a line
  columnPairSums(x: P, dy: P, blocks: N, rows: N, columns: N, high: P, period: N, sum: P, product: P, dx: P, scale: P, scratch: P): void;
  // biome-ignore format: one argument list a line
  columnCombine(x: P, dy: P, dx: P, blocks: N, rows: N, columns: N, high: P, a: P, b: P, c: P, period: N, scratch: P): void;
}

/** Statistics of a batch that comes a piece at a time (assembly/pieces.ts says how); plain TypeScript takes it whole. */
export interface PieceKernels {
  // biome-ignore format: one argument list a line
  columnSums?(x: P, rows: N, columns: N, done: N, total: N, sample: P, means: P, variances: P, scratch: P): N;
  // biome-ignore format: one argument list a line
  segmentSums?(x: P, n: N, len: N, done: N, total: N, period: N, shifts: P, means: P, variances: P): N;
}

export interface Kernels extends RowKernels, SegmentKernels, ColumnKernels, PieceKernels {}

/** Bytes of scratch area that the row kernels need, backward. */
export const rowScratch = (width: number): number => 24 * width + 4096;

/** Bytes of scratch area that the column kernels need: ten float32 rows of 4·C and two float64 rows of C. */
export const columnScratch = (columns: number): number => 176 * columns;

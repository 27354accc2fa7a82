// What every pass has, whatever the norm: where its inputs are, where its results go, and what stays when it ends.
import { type Engine, engineOf, type Statistics } from '../engine';
import { sizeOf, type Tensor } from '../tensor';

/** γ and β, absent for the identity. */
export interface Affine {
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
}

/** What a forward pass gives: the result, and each set's mean and 1/√(variance + ε). */
export interface Normalized {
  readonly y: Tensor;
  readonly mean: Statistics;
  readonly rstd: Statistics;
}

/** What a backward pass by sets takes of its forward pass. */
export interface Remembered extends Affine {
  readonly x: Tensor;
  readonly mean: Statistics;
  readonly rstd: Statistics;
}

/** Byte offsets, 0 for what is absent. */
interface Pointers {
  readonly engine: Engine;
  readonly gamma: number;
  readonly means: number;
  readonly rstds: number;
  readonly scratch: number;
}

export interface ForwardPointers extends Pointers {
  readonly beta: number;
}

export interface BackwardPointers extends Pointers {
  readonly x: number;
  readonly dy: number;
  readonly dx: number;
  /** Float64 sums, 0 at first. */
  readonly dgamma: number;
  readonly dbeta: number;
}

export interface ForwardSizes {
  readonly sets: number;
  /** Elements that belong together: a large typed array comes in pieces of so many, or of a multiple. */
  readonly unit: number;
  /** Bytes. */
  readonly scratch: number;
  /** Whether results may be written over what they are made from. */
  readonly over?: boolean;
}

/** Runs a kernel over x: from the values at `from`, the `count` units behind the first `done`, it makes those at `to`. */
export function forwardPass(
  x: Tensor,
  { gamma, beta }: Affine,
  given: Engine | undefined,
  { sets, unit, scratch, over = false }: ForwardSizes,
  run: (at: ForwardPointers, from: number, to: number, count: number, done: number) => void,
): Normalized {
  const engine = engineOf(x, given);
  let end = engine.top;
  try {
    const resident = engine.holds(x);
    const size = sizeOf(x.shape);
    // Before room is made, which a tensor whose scope has ended might pass for.
    const from = resident ? engine.pointer(x) : 0;
    const to = resident ? engine.allocate(4 * size) : 0;
    const means = engine.allocate(16 * sets);
    if (resident) end = engine.top;
    const at = {
      engine,
      gamma: gamma ? engine.pointer(gamma) : 0,
      beta: beta ? engine.pointer(beta) : 0,
      means,
      rstds: means + 8 * sets,
      scratch: engine.allocate(scratch),
    };
    if (resident) run(at, from, to, size / unit, 0);
    return {
      y: resident ? engine.result(to, x.shape, true) : engine.through(x, unit, over, at, run),
      mean: engine.statistics(means, sets, resident),
      rstd: engine.statistics(at.rstds, sets, resident),
    };
  } finally {
    engine.top = end;
  }
}

export interface PassGradients {
  readonly dx: Tensor;
  readonly dgamma?: Tensor;
  readonly dbeta?: Tensor;
}

/** Runs a kernel over dy; γ and β have `size` values. Gradients of absent parameters are left out. */
export function backwardPass(
  dy: Tensor,
  { x, gamma, beta, mean, rstd }: Remembered,
  given: Engine | undefined,
  size: number,
  scratch: number,
  run: (at: BackwardPointers) => void,
): PassGradients {
  const engine = engineOf(dy, given);
  let end = engine.top;
  try {
    const resident = engine.holds(dy);
    const dx = engine.allocate(4 * sizeOf(dy.shape));
    const outputs = engine.allocate(8 * size);
    if (resident) end = engine.top;
    const at = {
      engine,
      x: engine.pointer(x),
      dy: engine.pointer(dy),
      dx,
      means: engine.pointer64(mean),
      rstds: engine.pointer64(rstd),
      gamma: gamma ? engine.pointer(gamma) : 0,
      dgamma: gamma ? engine.zeros64(size) : 0,
      dbeta: beta ? engine.zeros64(size) : 0,
      scratch: engine.allocate(scratch),
    };
    run(at);
    const narrow = (from: number, to: number, { shape }: Tensor): Tensor => {
      const { f32, f64 } = engine;
      for (let i = 0; i < size; i++) f32[(to >>> 2) + i] = f64[(from >>> 3) + i] as number;
      return engine.result(to, shape, resident);
    };
    const result: { -readonly [K in keyof PassGradients]: PassGradients[K] } = {
      dx: engine.result(dx, dy.shape, resident),
    };
    if (gamma) result.dgamma = narrow(at.dgamma, outputs, gamma);
    if (beta) result.dbeta = narrow(at.dbeta, outputs + 4 * size, beta);
    return result;
  } finally {
    engine.top = end;
  }
}

/** One pass of a norm that works on small matrices of statistics: where its result goes, and how that is handed back. */
export interface Pass {
  readonly engine: Engine;
  /** Where the result, shaped as the input, is to be written. */
  readonly out: number;
  /** The result as a tensor. */
  finish(): Tensor;
}

/** Runs `body` with a result tensor like x; whatever else it allocates is freed. */
export function withResult<T>(x: Tensor, given: Engine | undefined, body: (pass: Pass) => T): T {
  const engine = engineOf(x, given);
  let end = engine.top;
  try {
    const resident = engine.holds(x);
    const out = engine.allocate(4 * sizeOf(x.shape));
    if (resident) end = engine.top;
    return body({ engine, out, finish: () => engine.result(out, x.shape, resident) });
  } finally {
    engine.top = end;
  }
}

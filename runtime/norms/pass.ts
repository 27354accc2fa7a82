// What every pass has, whatever the norm: where its inputs are, where its results go, and what stays when it ends.
import { ArenaStatistics, ArenaTensor } from '../arena';
import { type Engine, engineOf, type Statistics } from '../engine';
import { overlap, sizeOf, type Tensor } from '../tensor';
import { copied, kept, type Mode } from './norm';

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

/** Whether what is written to `out` changes nothing that is still to be read. */
const isApart = (out: Tensor, inputs: readonly (Tensor | undefined)[]): boolean =>
  !inputs.some((t) => t && overlap(out, t));

/** Where a kernel may write what is wanted in `out`, or 0. */
function placeOf(out: Tensor | undefined, engine: Engine, inputs: readonly (Tensor | undefined)[]): number {
  return out && engine.holds(out) && isApart(out, inputs) ? engine.pointer(out) : 0;
}

/** Runs a kernel over x: from the values at `from`, the `count` units behind the first `done`, it makes those at `to`. */
export function forwardPass(
  x: Tensor,
  { gamma, beta }: Affine,
  given: Engine | undefined,
  { sets, unit, scratch, over = false }: ForwardSizes,
  run: (at: ForwardPointers, from: number, to: number, count: number, done: number) => void,
  out?: Tensor,
): Normalized {
  const engine = engineOf(x, given);
  let end = engine.top;
  try {
    const resident = engine.holds(x);
    const size = sizeOf(x.shape);
    // Before room is made, which a tensor whose scope has ended might pass for.
    const from = resident ? engine.pointer(x) : 0;
    const place = resident ? placeOf(out, engine, [x, gamma, beta]) : 0;
    let to = place || (resident && !out ? engine.allocate(4 * size) : 0);
    const means = engine.allocate(16 * sets);
    if (resident) end = engine.top;
    if (resident && !to) to = engine.allocate(4 * size);
    const at = {
      engine,
      gamma: gamma ? engine.pointer(gamma) : 0,
      beta: beta ? engine.pointer(beta) : 0,
      means,
      rstds: means + 8 * sets,
      scratch: engine.allocate(scratch),
    };
    if (resident) run(at, from, to, size / unit, 0);
    // A piece is read before it is written, so that a result may take its input's very place.
    const isFree = out && isApart(out, out.data.byteOffset === x.data.byteOffset ? [gamma, beta] : [x, gamma, beta]);
    return {
      y: resident
        ? engine.result(to, x.shape, true, out)
        : isFree
          ? engine.through(x, unit, over, at, run, out)
          : copied(engine.through(x, unit, over, at, run), out),
      mean: engine.statistics(means, sets, resident),
      rstd: engine.statistics(at.rstds, sets, resident),
    };
  } finally {
    engine.top = end;
  }
}

/** A forward pass with what its norm remembers. Field by field: to spread objects takes longer than to normalise small tensors. */
export function remembered<P>(
  norm: string,
  mode: Mode,
  x: Tensor,
  out: Tensor | undefined,
  { gamma, beta }: Affine,
  { y, mean, rstd }: Normalized,
  plan: P,
) {
  return { y, saved: { norm, mode, x: kept(x, out, norm), gamma, beta, mean, rstd, plan } };
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
  out?: Tensor,
): PassGradients {
  const engine = engineOf(dy, given);
  let end = engine.top;
  try {
    const resident = engine.holds(dy);
    // As above. Means lie before 1/σ.
    for (const part of [x, rstd]) if (part instanceof ArenaTensor || part instanceof ArenaStatistics) part.check();
    const place = placeOf(out, engine, [dy, x, gamma]);
    let dx = place || (out ? 0 : engine.allocate(4 * sizeOf(dy.shape)));
    const outputs = engine.allocate(8 * size);
    if (resident) end = engine.top;
    if (!dx) dx = engine.allocate(4 * sizeOf(dy.shape));
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
      dx: engine.result(dx, dy.shape, resident, out),
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

/** Runs `body` with a result tensor like x, or `to`; whatever else it allocates is freed. */
export function withResult<T>(x: Tensor, given: Engine | undefined, body: (pass: Pass) => T, to?: Tensor): T {
  const engine = engineOf(x, given);
  let end = engine.top;
  try {
    const resident = engine.holds(x);
    const out = engine.allocate(4 * sizeOf(x.shape));
    if (resident && !to) end = engine.top;
    return body({ engine, out, finish: () => engine.result(out, x.shape, resident, to) });
  } finally {
    engine.top = end;
  }
}

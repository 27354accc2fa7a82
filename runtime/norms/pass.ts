import { type Engine, engineOf } from '../engine';
import { sizeOf, type Tensor } from '../tensor';

/** One pass of a norm: where its input is, where its result goes, and how that is handed back. */
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

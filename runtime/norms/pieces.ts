// The statistics of a batch that is too large for the core's cache, a piece at a time: reading it twice takes less than
// writing it into the arena and reading it there.
import { type Engine, engineOf, PIECE } from '../engine';
import { columnScratch } from '../kernels/interface';
import type { Tensor } from '../tensor';
import { isLast } from '../view';
import type { ChannelPlan } from './channels';

/** Rows of columns that make a piece, or a multiple: after so many the kernels flush their sums. */
const ROWS = 512;
/** Elements of a batch from which on this pays: 2 MB, and as much out. */
const LARGE = 1 << 19;
/** Units larger than so many pieces leave the cache anyway. */
const MOST = 8;

/** Mean and biased variance a channel. */
export interface BatchMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * The moments of every channel of a large typed array over the whole batch, the same bits as the kernels for whole batches have.
 * Undefined where there is nothing to gain: for tensors that are small or live in the engine, sets other than whole channels, and
 * for plain TypeScript; and where one pass does not do, since a mean is far from where it was guessed.
 */
export function momentsInPieces(
  x: Tensor,
  { channels, view, perSample }: ChannelPlan,
  given: Engine | undefined,
): BatchMoments | undefined {
  const engine = engineOf(x, given);
  const { n, c, s, layout } = channels;
  const last = isLast(layout);
  const unit = last ? ROWS * c : s;
  const most = Math.ceil(PIECE / unit) * unit;
  if (n * c * s < LARGE || most > MOST * PIECE || engine.holds(x)) return undefined;
  if (view.o > 1 || view.k !== c || perSample || engine.kind === 'plain') return undefined;
  const start = engine.top;
  try {
    const from = engine.allocate(4 * most);
    const means = engine.allocate(16 * c);
    const variances = means + 8 * c;
    const scratch = engine.allocate(columnScratch(c));
    const rows = n * s;
    const { kernels } = engine;
    let worst: number | undefined = 0;
    if (last) {
      const sample = engine.allocate(48 * c);
      for (const [i, row] of [0, (rows - 4) >> 1, rows - 4].entries()) {
        engine.f32.set(x.data.subarray(row * c, (row + 4) * c), (sample >>> 2) + 4 * c * i);
      }
      engine.pieces(x.data, from, most, (at, size) => {
        worst = kernels.columnSums?.(from, size / c, c, at / c, rows, sample, means, variances, scratch);
      });
    } else {
      engine.pieces(x.data, from, most, (at, size) => {
        worst = kernels.segmentSums?.(from, size / s, s, at / s, n * c, c, scratch, means, variances);
      });
    }
    return worst === 0 ? { mean: engine.take64(means, c), variance: engine.take64(variances, c) } : undefined;
  } finally {
    engine.top = start;
  }
}

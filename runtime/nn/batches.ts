import { Random, type RandomState } from './random';
import { floats, type Precision, type Shape, sizeOf, type Tensor } from './tensor';

/** Samples of one shape: `pixels` holds `count` of them one after the other. */
export interface Samples {
  readonly count: number;
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
}

export interface Dataset {
  /** Of one sample, for example [14, 14, 1]. */
  readonly shape: Shape;
  readonly classes: number;
  readonly train: Samples;
  readonly test: Samples;
}

export interface Batch {
  readonly x: Tensor;
  readonly labels: Uint8Array;
}

/** Where an endless sequence of batches stands. */
export interface BatchPosition {
  readonly epoch: number;
  /** Batches drawn in this epoch. */
  readonly drawn: number;
  /** The generator before this epoch was shuffled. */
  readonly random: RandomState;
}

/** Copies the samples of these indices into one tensor [indices, ...shape]. */
export function gather(samples: Samples, shape: Shape, indices: ArrayLike<number>, precision: Precision): Batch {
  const size = sizeOf(shape);
  const data = floats(precision, indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let n = 0; n < indices.length; n++) {
    const index = indices[n] as number;
    data.set(samples.pixels.subarray(index * size, (index + 1) * size), n * size);
    labels[n] = samples.labels[index] as number;
  }
  return { x: { shape: [indices.length, ...shape], data }, labels };
}

/**
 * Endless batches: every epoch in a new random order. All batches have the same size; the few samples that would not
 * fill the last one of an epoch are left out of it (another few in every epoch).
 */
export class Batches {
  readonly perEpoch: number;
  private readonly random: Random;
  private order: Uint32Array;
  private where: BatchPosition;

  /** @param start a seed, or where another sequence stood. */
  constructor(
    private readonly samples: Samples,
    private readonly batchSize: number,
    start: number | BatchPosition,
  ) {
    this.perEpoch = Math.floor(samples.count / batchSize);
    this.random = new Random(typeof start === 'number' ? start : start.random);
    this.where = typeof start === 'number' ? { epoch: 0, drawn: 0, random: this.random.state } : start;
    this.order = this.random.permutation(samples.count);
  }

  get position(): BatchPosition {
    return this.where;
  }

  /** The indices of the next batch. */
  next(): Uint32Array {
    if (this.where.drawn >= this.perEpoch) {
      this.where = { epoch: this.where.epoch + 1, drawn: 0, random: this.random.state };
      this.order = this.random.permutation(this.samples.count);
    }
    const { drawn } = this.where;
    this.where = { ...this.where, drawn: drawn + 1 };
    return this.order.subarray(drawn * this.batchSize, (drawn + 1) * this.batchSize);
  }
}

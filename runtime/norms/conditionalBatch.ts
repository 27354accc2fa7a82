import { NormError } from '../errors';
import { filled, type Tensor } from '../tensor';
import { batchView, isCount } from '../view';
import { BatchFamilyNorm, type BatchNormOptions, type BatchNormSaved } from './batch';
import {
  checkParameter,
  type Forward,
  type Gradients,
  type Into,
  type Mode,
  type Norm,
  type Params,
  type Saved,
  vector,
} from './norm';
import { checkOptions } from './options';
import type { RunningState } from './running';

export interface ConditionalBatchNormOptions extends BatchNormOptions {
  /** K, the number of conditions. */
  readonly conditions: number;
}

export interface ConditionalBatchNormSaved extends Saved {
  readonly labels: Tensor;
  readonly batch: BatchNormSaved;
}

/**
 * Conditional batch normalization (de Vries et al., arXiv 1707.00683, section 3.2; Dumoulin, Shlens, Kudlur,
 * arXiv 1610.07629, equation 5): the batch's statistics, γ and β by condition. x: [N, …, C] or [N, C, …]; γ, β: [K, C];
 * labels: [N], the condition of each sample, 0 … K − 1; state as in batch norm.
 */
export function conditionalBatchNorm(options: ConditionalBatchNormOptions): ConditionalBatchNorm {
  checkOptions('conditionalBatchNorm', options);
  return new ConditionalBatchNorm(options);
}

type Names = 'gamma' | 'beta' | 'labels';

export class ConditionalBatchNorm implements Norm<Names, ConditionalBatchNormSaved> {
  readonly name = 'conditionalBatchNorm';
  readonly #batch: BatchFamilyNorm;

  constructor(readonly options: ConditionalBatchNormOptions) {
    const { conditions } = options;
    if (!isCount(conditions)) {
      throw new NormError('option', this.name, 'a positive number of conditions', `${conditions}`);
    }
    this.#batch = new BatchFamilyNorm({ name: this.name, view: batchView, perSample: true }, options);
  }

  parameters(shape: readonly number[]) {
    const { n, c } = this.#batch.planOf(shape).channels;
    const table = [this.options.conditions, c];
    return { gamma: filled(table, 1), beta: filled(table, 0), labels: filled([n], 0) };
  }

  state(shape: readonly number[]): RunningState {
    return this.#batch.state(shape);
  }

  forward(
    x: Tensor,
    params: Params<Names> = {},
    state: RunningState | null = null,
    mode: Mode = 'train',
    into: Into = {},
  ): Forward<ConditionalBatchNormSaved> {
    const { gamma, beta, labels } = params;
    const { n, c } = this.#batch.planOf(x.shape).channels;
    const { conditions } = this.options;
    if (!labels) throw new NormError('parameter', this.name, `labels of shape [${n}]`, 'none');
    checkParameter(labels, [n], this.name, 'labels');
    checkParameter(gamma, [conditions, c], this.name, 'gamma');
    checkParameter(beta, [conditions, c], this.name, 'beta');
    const wrong = labels.data.find((label) => !(Number.isInteger(label) && label >= 0 && label < conditions));
    if (wrong !== undefined) {
      throw new NormError('parameter', `${this.name} labels`, `integers from 0 to ${conditions - 1}`, `${wrong}`);
    }
    const rows = { ...(gamma && { gamma: gather(gamma, labels) }), ...(beta && { beta: gather(beta, labels) }) };
    const { y, saved } = this.#batch.forward(x, rows, state, mode, into);
    return { y, saved: { norm: this.name, mode, x: saved.x, labels, batch: saved } };
  }

  backward(dy: Tensor, { labels, batch }: ConditionalBatchNormSaved, into: Into = {}): Gradients<Names> {
    const { dx, dgamma, dbeta } = this.#batch.backward(dy, batch, into);
    const { conditions } = this.options;
    return {
      dx,
      ...(dgamma && { dgamma: scatter(dgamma, labels, conditions) }),
      ...(dbeta && { dbeta: scatter(dbeta, labels, conditions) }),
    };
  }
}

/** Row labels[i] of the table for every sample i. */
function gather(table: Tensor, labels: Tensor): Tensor {
  const c = table.shape[1] ?? 1;
  const n = labels.data.length;
  const data = new Float32Array(n * c);
  labels.data.forEach((label, i) => {
    data.set(table.data.subarray(label * c, (label + 1) * c), i * c);
  });
  return { data, shape: [n, c] };
}

/** The sum of the rows of every label. */
function scatter(rows: Tensor, labels: Tensor, conditions: number): Tensor {
  const c = rows.shape[1] ?? 1;
  const sums = new Float64Array(conditions * c);
  rows.data.forEach((v, i) => {
    const at = (labels.data[Math.floor(i / c)] as number) * c + (i % c);
    sums[at] = (sums[at] as number) + v;
  });
  return vector(sums, [conditions, c]);
}

import type { Environment } from './layers/layer';
import { Scratch, ShapeError, type Tensor } from './tensor';

export interface LossResult {
  /** Mean cross-entropy over the batch, in nats. */
  readonly loss: number;
  /** How many of the batch have their largest logit at their class. */
  readonly correct: number;
  /** The loss's gradient with respect to the logits, [batch, classes]. */
  readonly gradient: Tensor;
}

/**
 * Cross-entropy of softmax(logits) against classes: −log softmax(z)ₜ = log Σ exp(z − max) − (zₜ − max).
 * Its gradient is (softmax(z) − onehot(t)) / batch.
 */
export class SoftmaxCrossEntropy {
  private readonly scratch: Scratch;

  constructor(environment: Pick<Environment, 'precision'>) {
    this.scratch = new Scratch(environment.precision);
  }

  /**
   * @param logits [batch, classes]
   * @param labels the class of each sample
   */
  measure(logits: Tensor, labels: ArrayLike<number>): LossResult {
    const [batch = 0, classes = 0] = logits.shape;
    if (logits.shape.length !== 2 || labels.length !== batch) {
      throw new ShapeError('Softmax cross-entropy', `[${labels.length}, classes]`, logits.shape);
    }
    const gradient = this.scratch.take(logits.shape);
    const z = logits.data;
    let loss = 0;
    let correct = 0;
    for (let n = 0; n < batch; n++) {
      const row = n * classes;
      const label = labels[n] as number;
      let likeliest = 0;
      for (let c = 1; c < classes; c++) {
        if ((z[row + c] as number) > (z[row + likeliest] as number)) likeliest = c;
      }
      if (likeliest === label) correct++;
      const largest = z[row + likeliest] as number;
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += Math.exp((z[row + c] as number) - largest);
      loss += Math.log(sum) - ((z[row + label] as number) - largest);
      for (let c = 0; c < classes; c++) {
        const probability = Math.exp((z[row + c] as number) - largest) / sum;
        gradient.data[row + c] = (probability - (c === label ? 1 : 0)) / batch;
      }
    }
    return { loss: loss / batch, correct, gradient };
  }
}

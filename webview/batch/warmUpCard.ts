import { scaleLinear } from 'd3-scale';
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { PlaygroundState } from '../../src/shared/playground';
import { measured, percent, plainNumber, thousands } from '../format';
import { type Place, pathOf } from '../plot/path';
import { legend, plot, xRange, yRange } from '../plot/plot';
import type { Answer } from '../work/latest';
import { stepsUntil, type WarmUp, type WarmUpPoint, weightLeft } from './warmUp';

const WIDTH = 400;
const HEIGHT = 250;

export function warmUpCard({ value, pending, problem }: Answer<WarmUp>, state: PlaygroundState): TemplateResult {
  const { momentum, trainSteps, dataMean, dataDeviation } = state;
  const theory = weightLeft(momentum, trainSteps);
  const steps = (share: number) => {
    const needed = stepsUntil(momentum, share);
    return Number.isFinite(needed) ? thousands(needed) : 'endlessly many';
  };
  return html`<section class="card" aria-labelledby="warm-up-title">
    <h3 id="warm-up-title">
      2 · Training uses the batch, inference what it remembers${pending ? html` <span class="pending">computing…</span>` : nothing}
    </h3>
    ${problem === undefined ? nothing : html`<p class="warning">${problem}</p>`}
    <p>
      Running statistics begin at mean 0 and variance 1; each step keeps ${plainNumber(momentum)} of them. After
      <strong>${plainNumber(trainSteps)}</strong> steps <strong id="weight-left">${percent(value?.left ?? theory)}</strong> of the
      beginning is left (theory: ${plainNumber(momentum)}<sup>${plainNumber(trainSteps)}</sup> =
      <span id="weight-theory">${percent(theory)}</span>). Below 5 % takes <span id="steps-5">${steps(0.05)}</span> steps, below
      1 % <span id="steps-1">${steps(0.01)}</span>.
    </p>
    <div class="plots">
      <figure>
        <h4>Running mean</h4>
        ${runningPlot(value?.points ?? [], 'mean', dataMean, (k) => dataMean * (1 - weightLeft(momentum, k)), trainSteps)}
      </figure>
      <figure>
        <h4>Running variance</h4>
        ${runningPlot(
          value?.points ?? [],
          'variance',
          dataDeviation ** 2,
          (k) => dataDeviation ** 2 + (1 - dataDeviation ** 2) * weightLeft(momentum, k),
          trainSteps,
        )}
      </figure>
    </div>
    ${legend([
      { mark: 'curve', shape: 'line', words: 'remembered, measured' },
      { mark: 'curve theory', shape: 'line', words: 'theory' },
      { mark: 'target', shape: 'line', words: 'the data' },
    ])}
    <p>
      A number one deviation above the mean comes out as <strong id="training-output">${measured(value?.training ?? 0)}</strong> in
      the last training batch, and as <strong id="inference-output">${measured(value?.inference ?? 0)}</strong> at inference after
      these steps. With statistics that have arrived it would be 1.
    </p>
    <p class="source">
      <a href="https://arxiv.org/abs/1502.03167">Ioffe &amp; Szegedy 2015</a>, algorithm 2. Keras and TensorFlow.js keep the share
      “momentum” of the old value; PyTorch's momentum is 1 − that.
    </p>
  </section>`;
}

function runningPlot(
  points: readonly WarmUpPoint[],
  what: 'mean' | 'variance',
  target: number,
  theory: (step: number) => number,
  steps: number,
): TemplateResult {
  const values = [...points.map((point) => point[what]), target, what === 'mean' ? 0 : 1];
  const x = scaleLinear([0, steps], xRange(WIDTH));
  const y = scaleLinear([Math.min(...values, 0), Math.max(...values)], yRange(HEIGHT)).nice(5);
  const curve = points.map((point): Place => [x(point.step), y(point[what])]);
  const expected = Array.from({ length: 101 }, (_, i): Place => {
    const step = (i * steps) / 100;
    return [x(step), y(theory(step))];
  });
  const end = points.at(-1)?.[what] ?? 0;
  return plot(
    {
      width: WIDTH,
      height: HEIGHT,
      x: { scale: x, label: 'training steps' },
      y: { scale: y, label: `running ${what}` },
      name: `The running ${what} is ${measured(end)} after ${steps} steps; the data's is ${measured(target)}.`,
      id: `running-${what}`,
    },
    svg`<line class="target" x1=${xRange(WIDTH)[0]} x2=${xRange(WIDTH)[1]} y1=${y(target)} y2=${y(target)}></line>
      <path class="curve" d=${pathOf(curve)}></path>
      <path class="curve theory" d=${pathOf(expected)}></path>`,
  );
}

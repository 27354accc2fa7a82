/** The arithmetic of one cell, each line with its formula and its numbers. */
import { html, mathml, nothing, type TemplateResult } from 'lit/html.js';
import type { PlaygroundState } from '../../src/shared/playground';
import { measured, plainNumber, thousands } from '../format';
import type { Arithmetic } from './model';

type Math = TemplateResult<3>;

const m = (value: number, decimals = 3): Math => mathml`<mn>${measured(value, decimals)}</mn>`;
/** A number that follows a minus or a factor: in brackets where it is negative. */
const bracketed = (value: number, decimals = 3): Math =>
  value < 0 ? mathml`<mrow><mo>(</mo>${m(value, decimals)}<mo>)</mo></mrow>` : m(value, decimals);
const mu = mathml`<mi>μ</mi>`;
const variance = mathml`<msup><mi>σ</mi><mn>2</mn></msup>`;
const hat = mathml`<mover><mi>x</mi><mo>^</mo></mover>`;
const sum = mathml`<mo>∑</mo>`;

const line = (id: string, says: string, left: Math, middle: readonly Math[], value: number): TemplateResult => html`<li>
  <span class="says">${says}</span>
  <math displaystyle="true">${left}${middle.map((part) => mathml`<mo>=</mo>${part}`)}<mo>=</mo><mn class="result" id=${id}>${measured(value)}</mn></math>
</li>`;

export function arithmetic(numbers: Arithmetic, { epsilon, gamma, beta }: PlaygroundState): TemplateResult {
  const { x, mean, normalized, members, scaled, shifted } = numbers;
  const spread = numbers.variance;
  const count = mathml`<mn>${thousands(members.length)}</mn>`;
  const share = mathml`<mfrac><mn>1</mn>${count}</mfrac>`;
  const squares = mathml`<msup><mi>x</mi><mn>2</mn></msup>`;
  const eps = mathml`<mn>${plainNumber(epsilon)}</mn>`;
  const root = (of: Math) => mathml`<msqrt><mrow>${of}<mo>+</mo>${eps}</mrow></msqrt>`;
  const lines = numbers.centered
    ? [
        line('result-mean', 'Mean of the members', mu, [mathml`<mrow>${share}${sum}<mi>x</mi></mrow>`], mean),
        line(
          'result-variance',
          'Variance: mean squared distance from it',
          variance,
          [
            mathml`<mrow>${share}${sum}<msup><mrow><mo>(</mo><mi>x</mi><mo>−</mo>${mu}<mo>)</mo></mrow><mn>2</mn></msup></mrow>`,
          ],
          spread,
        ),
        line(
          'result-normalized',
          'Subtract the mean, divide by the deviation',
          hat,
          [
            mathml`<mfrac><mrow><mi>x</mi><mo>−</mo>${mu}</mrow><msqrt><mrow>${variance}<mo>+</mo><mi>ε</mi></mrow></msqrt></mfrac>`,
            mathml`<mfrac><mrow>${m(x, 2)}<mo>−</mo>${bracketed(mean)}</mrow>${root(m(spread))}</mfrac>`,
          ],
          normalized,
        ),
      ]
    : [
        line(
          'result-variance',
          'Mean of the squares: r is its root',
          mathml`<msup><mi>r</mi><mn>2</mn></msup>`,
          [mathml`<mrow>${share}${sum}${squares}</mrow>`],
          spread,
        ),
        line(
          'result-normalized',
          'Divide by the root mean square r',
          hat,
          [
            mathml`<mfrac><mi>x</mi><msqrt><mrow><msup><mi>r</mi><mn>2</mn></msup><mo>+</mo><mi>ε</mi></mrow></msqrt></mfrac>`,
            mathml`<mfrac>${m(x, 2)}${root(m(spread))}</mfrac>`,
          ],
          normalized,
        ),
      ];
  const affine = scaled
    ? line(
        'result-output',
        shifted ? 'Scale by γ, shift by β: what the layer learns' : 'Scale by γ: what the layer learns',
        mathml`<mi>y</mi>`,
        [
          mathml`<mrow><mi>γ</mi>${hat}${shifted ? mathml`<mo>+</mo><mi>β</mi>` : nothing}</mrow>`,
          mathml`<mrow>${m(gamma, 2)}<mo>·</mo>${bracketed(normalized)}${shifted ? mathml`<mo>+</mo>${bracketed(beta, 2)}` : nothing}</mrow>`,
        ],
        numbers.y,
      )
    : line('result-output', 'Nothing is learned: this is the output', mathml`<mi>y</mi>`, [hat], numbers.y);
  return html`<ol class="arithmetic">
    ${lines}${affine}
  </ol>`;
}

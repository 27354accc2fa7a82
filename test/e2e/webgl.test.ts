/** What the rules' pages say of the webgl backend, asked of TensorFlow.js in a browser. */
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser';

const require = createRequire(import.meta.url);

const BACKENDS = ['cpu', 'webgl'] as const;
type Told = Readonly<Record<(typeof BACKENDS)[number], number[] | string>>;

describe('TensorFlow.js on webgl', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: require.resolve('@tensorflow/tfjs/dist/tf.min.js') });
  });
  afterAll(() => browser?.close());

  /** The values of an expression in `tf` and `x` ([2, 3, 2, 2]) on each backend, or what was thrown. */
  const ask = (expression: string): Promise<Told> =>
    page.evaluate(
      `(async () => {
        const told = {};
        for (const backend of ${JSON.stringify(BACKENDS)}) {
          if (!(await tf.setBackend(backend))) throw new Error('no ' + backend);
          const x = tf.tensor4d(Array.from({ length: 24 }, (_, i) => 3 * Math.sin(i)), [2, 3, 2, 2]);
          try {
            told[backend] = [...(await (${expression}).data())];
          } catch (error) {
            told[backend] = error.message;
          }
        }
        return told;
      })()`,
    );

  const worst = (one: number[] | string, other: number[] | string): number => {
    if (typeof one === 'string' || typeof other === 'string') throw new Error(`${one} ${other}`);
    expect(one).toHaveLength(other.length);
    return Math.max(...one.map((value, i) => Math.abs(value - (other[i] ?? Number.NaN))));
  };

  it('predicts with a batch norm of axis 1 as it is meant, where the cpu backend is silently wrong', async () => {
    const layer = await ask(`(() => {
      const norm = tf.layers.batchNormalization({ axis: 1, inputShape: [3, 2, 2] });
      const model = tf.sequential({ layers: [norm] });
      norm.setWeights([[1, 2, 3], [10, 20, 30], [0.1, 0.2, 0.3], [1, 2, 3]].map((values) => tf.tensor1d(values)));
      return model.predict(x);
    })()`);
    const formula = await ask(`(() => {
      const along = (values) => tf.tensor(values, [1, 3, 1, 1]);
      const deviation = along([1, 2, 3]).add(1e-3).sqrt();
      return x.sub(along([0.1, 0.2, 0.3])).div(deviation).mul(along([1, 2, 3])).add(along([10, 20, 30]));
    })()`);
    expect(worst(formula.cpu, formula.webgl)).toBeLessThan(1e-3);
    expect(worst(layer.webgl, formula.cpu)).toBeLessThan(1e-3);
    expect(worst(layer.cpu, formula.cpu)).toBeGreaterThan(1);
  });

  it('broadcasts moments that kept their dims in tf.batchNorm, where the cpu backend is silently wrong', async () => {
    const moments = 'const { mean, variance } = tf.moments(x, [1, 2], true);';
    const kernel = await ask(`(() => { ${moments} return tf.batchNorm(x, mean, variance); })()`);
    const formula = await ask(`(() => { ${moments} return x.sub(mean).div(variance.add(1e-3).sqrt()); })()`);
    expect(worst(kernel.webgl, formula.cpu)).toBeLessThan(1e-3);
    expect(worst(kernel.cpu, formula.cpu)).toBeGreaterThan(0.05);
  });

  it('refuses a flat vector of another length, which the cpu backend reads modulo its length', async () => {
    const told = await ask('tf.batchNorm(x, tf.tensor1d([1, 2, 3]), tf.tensor1d([1, 2, 3]))');
    expect(told.webgl).toMatch(/could not be broadcast together with shapes 2,3,2,2 and 3/);
    expect(told.cpu).toHaveLength(24);
  });

  it('takes 1e-4 as its own ε', async () => {
    const { cpu, webgl } = await ask('tf.tensor1d([tf.backend().epsilon()])');
    expect(worst(cpu, [1e-7])).toBeLessThan(1e-9);
    expect(worst(webgl, [1e-4])).toBeLessThan(1e-9);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allWordsOf, numberOf, Playground, picture, settled, wordsOf } from './playgroundPage';

describe('the scene Batch', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  it('shows the cloud of batch norm as wide as theory says, and of layer norm as a point', async () => {
    const { page, complaints } = await playground.open('scene=batch&draws=1000');
    await settled(page);
    const row = async (selector: string) =>
      (await allWordsOf(page.locator(`#spreads tr${selector} td`))).map((words) =>
        words.startsWith('0, ') ? 0 : numberOf(words),
      );
    const found = await row('[data-norm=batch]');
    expect(found).toHaveLength(7);
    [2, 4, 8, 16, 32, 64, 128].forEach((size, i) => {
      // m = 4·N numbers, 4 of them the sample's own; the cell lies one deviation above the mean.
      const m = 4 * size;
      const theory = Math.sqrt(((m - 4) / m ** 2) * 1.5);
      if (size >= 8) expect((found[i] ?? 0) / theory, `batch ${size}`).toBeCloseTo(1, 0.8);
    });
    expect(await row('[data-norm=layer]')).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(complaints).toEqual([]);
  });

  it('shows how much of the first running mean is left, for the steps and the momentum of the sliders, by keyboard', async () => {
    const { page } = await playground.open('scene=batch&draws=20');
    await settled(page);
    expect(numberOf(await wordsOf(page.locator('#weight-left')))).toBeCloseTo(100 * 0.99 ** 100, 1);
    expect(await wordsOf(page.locator('#steps-5'))).toBe('299');
    expect(await wordsOf(page.locator('#steps-1'))).toBe('459');
    await page.locator('#control-momentum').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('#control-trainSteps').focus();
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(async () => numberOf(await wordsOf(page.locator('#weight-left'))))
      .toBeCloseTo(100 * 0.98 ** 50, 1);
    expect(await page.locator('#control-momentum').getAttribute('aria-valuetext')).toBe('0.98');
  });

  it('shows the batch that is left over, and the running variance behind it as theory says', async () => {
    const { page } = await playground.open('scene=batch&draws=20&samples=33&batch=8&momentum=0.9&data=features');
    await settled(page);
    expect(await wordsOf(page.locator('#full-batches'))).toBe('4 full batches');
    expect(await wordsOf(page.locator('#residual-samples'))).toBe('1 sample');
    const [mu, q] = [0.9, 4];
    const theory = ((1 - 1 / 8) * mu * (1 - mu ** q)) / (1 - mu ** (q + 1));
    expect(numberOf(await wordsOf(page.locator('#variance-theory')))).toBeCloseTo(theory, 2);
    expect(Math.abs(numberOf(await wordsOf(page.locator('#variance-measured'))) - theory)).toBeLessThan(0.04);
    expect(await wordsOf(page.locator('.warning'))).toContain('the output is β');
  });

  it('compares with the norm that is chosen, by mouse', async () => {
    const { page } = await playground.open('scene=batch&draws=20');
    await page.locator('#control-compared').selectOption({ label: 'Group norm' });
    await page.waitForSelector('#cloud-group');
    await settled(page);
    expect(new Set(await allWordsOf(page.locator('#spreads tr[data-norm=group] td')))).toEqual(new Set(['0, exactly']));
  });

  it.each(['light', 'dark', 'hc-dark', 'hc-light'] as const)('has its picture taken in %s', async (theme) => {
    const { page } = await playground.open('scene=batch', theme);
    await settled(page);
    await picture(page, `batch-${theme}`);
  });
});

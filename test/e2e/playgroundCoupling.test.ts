import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allWordsOf, Playground, picture, wordsOf } from './playgroundPage';
import { expectDerivatives, stateOf } from './playgroundScenes';

describe('the scene Coupling', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  it.each(['batch', 'group', 'ghostBatch', 'layer'])(
    'shows the derivatives of the float64 formula for %s',
    async (norm) => {
      const query = `scene=coupling&norm=${norm}&batch=6&seed=4`;
      const { page, complaints } = await playground.open(query);
      await expectDerivatives(page, stateOf(query));
      expect(complaints).toEqual([]);
    },
  );

  it('tells one entry in numbers, by mouse and by keyboard', async () => {
    const { page } = await playground.open('scene=coupling');
    await page.locator('#entry-2-3').hover();
    const value = page.locator('#entry-value');
    const first = await wordsOf(value);
    await page.locator('#entry-2-3').click();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => wordsOf(value)).not.toBe(first);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('entry-1-3');
    expect(await page.locator('#entry-1-3').getAttribute('aria-pressed')).toBe('true');
  });

  it('shows a penalty that differs by coupling alone, and the constant of a linear head', async () => {
    const { page } = await playground.open('scene=coupling');
    const cells = async (norm: string) => allWordsOf(page.locator(`#penalties tr[data-norm=${norm}] td`));
    for (const norm of ['none', 'layer', 'group']) {
      const [own, summed, difference] = await cells(norm);
      expect(own).toBe(summed);
      expect(difference).toBe('none');
    }
    expect((await cells('batch'))[2]).not.toBe('none');
    await page.getByLabel('Linear at once').check();
    await expect.poll(async () => (await cells('batch'))[1]).toBe('10.000');
  });

  it.each(['light', 'dark', 'hc-dark', 'hc-light'] as const)('has its picture taken in %s', async (theme) => {
    const { page } = await playground.open('scene=coupling&batch=6', theme);
    await picture(page, `coupling-${theme}`);
  });
});

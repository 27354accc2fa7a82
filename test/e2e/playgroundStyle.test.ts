import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madePicture } from '../../webview/style/pictures';
import { BASES, bandsOf, takeApart } from '../../webview/style/transform';
import { numberOf, Playground, picture, settled, THEMES, violations, wordsOf } from './playgroundPage';

const hashOf = (values: Iterable<number>): number => {
  let hash = 0;
  for (const value of values) hash = (Math.imul(hash, 31) + value) | 0;
  return hash;
};

describe('the scene Style', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  const open = async (hash = '', ...rest: [theme?: (typeof THEMES)[number]]) => {
    const opened = await playground.open(`scene=style${hash}`, ...rest);
    await ready(opened.page);
    return opened;
  };
  const ready = async (page: Page) => {
    await page.waitForSelector('#picture-result[data-ready]');
    await settled(page);
  };
  /**
   * A picture's pixels as one number: a quarter of a million would take long to hand over. They are read from a copy, since
   * Chromium warns of a canvas that is read again and again.
   */
  const pixels = (page: Page, id: string): Promise<number> =>
    page.locator(`#${id}`).evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const copy = Object.assign(document.createElement('canvas'), { width, height });
      const context = copy.getContext('2d', { willReadFrequently: true });
      context?.drawImage(canvas as HTMLCanvasElement, 0, 0);
      const data = context?.getImageData(0, 0, width, height).data ?? [];
      let hash = 0;
      for (const value of data) hash = (Math.imul(hash, 31) + value) | 0;
      return hash;
    });
  const cells = (page: Page, channel: number) =>
    page.locator(`#channels tr[data-channel="${channel}"] td`).allTextContents();

  it('shows the formula’s pictures, and statistics that are those of the float64 formula', async () => {
    const { page, complaints } = await open('&content=portrait&stylePicture=waves&scales=3');
    expect(await pixels(page, 'picture-content')).toBe(hashOf(madePicture('portrait').rgba));
    const channels = 3 * bandsOf(3);
    for (const [name, column] of [
      ['portrait', 0],
      ['waves', 2],
    ] as const) {
      const { data } = takeApart(madePicture(name), BASES.opponent, 3);
      const area = data.length / channels;
      for (let c = 0; c < channels; c += 3) {
        const plane = data.subarray(c * area, (c + 1) * area);
        const mean = plane.reduce((sum, x) => sum + x, 0) / area;
        const deviation = Math.sqrt(plane.reduce((sum, x) => sum + (x - mean) ** 2, 0) / area + 1e-3);
        const row = await cells(page, c);
        expect(Math.abs(numberOf(row[column] ?? '') - mean)).toBeLessThan(0.0051);
        expect(Math.abs(numberOf(row[column + 1] ?? '') - deviation)).toBeLessThan(0.0051);
        // The result has the style’s.
        if (column === 2) expect(Math.abs(numberOf(row[4] ?? '') - mean)).toBeLessThan(0.0051);
      }
    }
    expect(numberOf(await wordsOf(page.locator('#round-trip')))).toBeLessThan(1e-3);
    expect(complaints).toEqual([]);
  });

  it('by keyboard: the strength goes from the content to the style', async () => {
    const { page } = await open();
    const content = await pixels(page, 'picture-content');
    const full = await pixels(page, 'picture-result');
    await page.locator('#control-strength').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => pixels(page, 'picture-result')).toEqual(content);
    expect(await page.locator('#control-strength').getAttribute('aria-valuetext')).toBe('0 %');
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => pixels(page, 'picture-result')).toEqual(full);
  });

  it('by mouse: instance norm alone, and the pictures swapped', async () => {
    const { page } = await open();
    await page.getByLabel('Instance norm', { exact: true }).check();
    // Mean 0 and deviation 1, by definition.
    await expect.poll(async () => (await cells(page, 0)).slice(4).map(numberOf)).toEqual([0, 1]);
    expect(await page.locator('#control-strength').isDisabled()).toBe(true);
    const [content, style] = [await pixels(page, 'picture-content'), await pixels(page, 'picture-style')];
    await page.getByRole('button', { name: 'Swap' }).click();
    await expect.poll(() => pixels(page, 'picture-content')).toEqual(style);
    expect(await pixels(page, 'picture-style')).toEqual(content);
    await expect.poll(() => page.url()).toContain('stylePicture=hills');
  });

  it('takes the reader’s own picture, keeps it on the page, and puts it aside again', async () => {
    const { page, complaints } = await open();
    await page.locator('#own-content').setInputFiles('media/icon.png');
    await expect
      .poll(() => wordsOf(page.locator('figure', { hasText: 'Content' }).locator('figcaption')))
      .toBe('icon.png');
    await ready(page);
    const size = await page.locator('#picture-content').evaluate((canvas) => (canvas as HTMLCanvasElement).width);
    expect(size).toBeLessThanOrEqual(320);
    expect(page.url()).not.toContain('icon');
    await page.getByRole('button', { name: 'Back to the page’s own content picture' }).click();
    await expect.poll(() => pixels(page, 'picture-content')).toBe(hashOf(madePicture('hills').rgba));
    await page
      .locator('#own-style')
      .setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no') });
    await expect.poll(() => wordsOf(page.locator('.notice > span'))).toBe('no.png could not be read as a picture.');
    expect(complaints).toEqual([]);
  });

  it('saves the result and the statistics', async () => {
    const { page } = await open('&scales=2');
    const file = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
      return readFileSync(await download.path());
    };
    expect([...(await file('Save the result as PNG')).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect((await file('Save the statistics as CSV')).toString().trimEnd().split('\r\n')).toHaveLength(1 + 21);
  });

  it.each(THEMES)('has no violations that axe-core knows, in %s', async (theme) => {
    for (const hash of ['', '&styleNorm=instance&content=harbour&stylePicture=mosaic']) {
      const { page, complaints } = await open(hash, theme);
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await picture(page, `style${hash === '' ? '' : '-instance'}-${theme}`);
      await page.context().close();
    }
  });

  it('fits 400 pixels', async () => {
    const { page } = await playground.open('scene=style', 'light', { viewport: { width: 400, height: 800 } });
    await ready(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await picture(page, 'narrow-style');
  });
});

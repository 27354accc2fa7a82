import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOf, drawnLayer, indexOf, layerOf } from '../../src/shared/illustration';
import { NORMS, type NormName } from '../../src/shared/playground';
import { allWordsOf, type OpenPage, Playground, picture, wordsOf } from './playgroundPage';
import { expectReference, stateOf } from './playgroundScenes';

describe('the scene Axes', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  const text = ({ page }: OpenPage, selector: string) => wordsOf(page.locator(selector));

  it('answers with no input: over which elements each norm averages, and how many means there are', async () => {
    const open = await playground.open();
    const card = (name: string) =>
      open.page.locator('.card', { has: open.page.getByRole('heading', { name, exact: true }) });
    expect(await wordsOf(card('Batch norm').locator('.sentence'))).toMatch(
      /each channel\s*, one mean over every sample\s* and every position/,
    );
    expect(await wordsOf(card('Layer norm').locator('.sentence'))).toMatch(
      /each sample\s*, one mean over all its channels\s* and every position/,
    );
    // [N, H, W, C] = [4, 2, 2, 6]: the counts, by hand.
    expect(await wordsOf(card('Batch norm').locator('.counts'))).toBe('6 means, each over 16 numbers');
    expect(await wordsOf(card('Layer norm').locator('.counts'))).toBe('4 means, each over 24 numbers');
    expect(await wordsOf(card('Layer norm over channels').locator('.counts'))).toBe('16 means, each over 6 numbers');
    expect(await wordsOf(card('Instance norm').locator('.counts'))).toBe('24 means, each over 4 numbers');
    expect(await wordsOf(card('Group norm').locator('.counts'))).toBe('8 means, each over 12 numbers');
    expect(await wordsOf(card('RMS norm').locator('.counts'))).toBe('16 root mean squares, each over 6 numbers');
    expect(await wordsOf(card('Batch norm').locator('.factors'))).toBe('16 = 4 samples × 4 positions');
    expect(await wordsOf(card('Layer norm').locator('.factors'))).toBe('24 = 6 channels × 4 positions');
    expect(await wordsOf(card('Group norm').locator('.factors'))).toBe('12 = 3 channels × 4 positions');
    expect(open.complaints).toEqual([]);
  });

  it('shows its first picture and its counts in a panel of 400 × 700 without scrolling', async () => {
    const { page } = await playground.open('', 'light', { viewport: { width: 400, height: 700 } });
    for (const selector of ['.card .picture', '.sentence', '.counts', '.factors']) {
      const box = await page.locator(selector).first().boundingBox();
      expect((box?.y ?? 1000) + (box?.height ?? 0), selector).toBeLessThan(700);
    }
  });

  it('by mouse: a hover lights the set of the cell in every norm, a click looks inside', async () => {
    const open = await playground.open();
    const { page } = open;
    const pictures = page.locator('.card .picture');
    const lit = () =>
      page.locator('.card .picture path.lit').evaluateAll((paths) => paths.map((p) => p.getAttribute('d')));
    const before = await lit();
    const box = await pictures.nth(1).boundingBox();
    if (box === null) throw new Error('no picture');
    // The left face, at its far end: channel 0 of sample 0.
    await page.mouse.move(box.x + box.width * 0.095, box.y + box.height * 0.5);
    await expect.poll(lit).not.toEqual(before);
    await page.mouse.move(5, 5);
    await expect.poll(lit).toEqual(before);
    await page.mouse.click(box.x + box.width * 0.095, box.y + box.height * 0.5);
    await page.waitForSelector('#result-output');
    expect(await text(open, '.crumbs')).toMatch(/Layer norm › sample 0, channel 0/);
    expect(open.complaints).toEqual([]);
  });

  it('by mouse: the underlined words light the axes', async () => {
    const { page } = await playground.open();
    expect(await page.locator('path.picked').count()).toBe(0);
    await page.locator('.word', { hasText: 'every sample' }).first().hover();
    await page.waitForSelector('path.picked');
    await page.mouse.move(5, 5);
    await page.waitForSelector('path.picked', { state: 'detached' });
  });

  it('by keyboard: tabs, sliders, the picture, the members and a cell', async () => {
    const open = await playground.open();
    const { page } = open;
    const batchCounts = page.locator('.counts[data-norm=batch]');
    await page.locator('#control-batch').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => wordsOf(batchCounts)).toBe('6 means, each over 20 numbers');
    expect(await page.locator('#control-batch').getAttribute('aria-valuetext')).toBe('5');
    await page.locator('.card .picture').nth(4).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageUp');
    await expect
      .poll(() => text(open, '.unseen[aria-live]'))
      .toBe('Group norm, sample 1, channel 4, row 0, column 1: shares its statistics with 11 others.');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#result-output');
    await expectReference(open.page, stateOf('batch=5&norm=group&cellSample=1&cellChannel=4&cellRow=0&cellColumn=1'));
    await page.locator('.member[aria-pressed=true]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => text(open, '.crumbs')).toMatch(/row 1, column 0/);
    await page.locator('#cell-value').fill('12.5');
    const state = stateOf('batch=5&norm=group&cellSample=1&cellChannel=4&cellRow=1&cellColumn=0');
    const layer = drawnLayer(layerOf(state));
    const index = indexOf(layer, cellOf(state, layer));
    await expect.poll(() => text(open, '.member[aria-pressed=true]')).toBe('12.50');
    await expectReference(open.page, { ...state, edits: { [index]: 12.5 } });
    await page.getByRole('tab', { name: 'Axes' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('[data-scene=batch]');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-batch');
    await page.keyboard.press('Home');
    await page.waitForSelector('[data-scene=axes]');
    expect(open.complaints).toEqual([]);
  });

  it.each(Object.keys(NORMS) as NormName[])('shows the numbers of the float64 formula for %s', async (norm) => {
    for (const query of [
      `view=one&norm=${norm}`,
      `view=one&norm=${norm}&layout=channelsFirst&channels=8&groups=4&gamma=2&beta=-1.5&epsilon=0.1&seed=9&cellSample=2&cellChannel=3&cellRow=1`,
      `view=one&norm=${norm}&data=features&batch=6&channels=5&seed=3&cellSample=4&cellChannel=1`,
    ]) {
      const open = await playground.open(query);
      await expectReference(open.page, stateOf(query));
      expect(open.complaints).toEqual([]);
      await open.page.context().close();
    }
  });

  it('counts the whole layer where only a corner of it is drawn', async () => {
    const open = await playground.open('batch=32&channels=64&height=28&width=28&groups=32&layer=bn_1');
    expect(await text(open, '.counts[data-norm=batch]')).toBe('64 means, each over 25,088 numbers');
    expect(await text(open, '.counts[data-norm=group]')).toBe('1,024 means, each over 1,568 numbers');
    expect(await text(open, '.remark')).toContain('[8, 16, 16, 16]');
    expect(await text(open, '.origin')).toBe('From your code: bn_1');
  });

  it('says what a set of one element does', async () => {
    const { page } = await playground.open('data=features&norms=batch,instance&batch=1');
    expect(await allWordsOf(page.locator('.warning'))).toHaveLength(2);
    expect(await wordsOf(page.locator('.warning').first())).toContain('the output is β');
  });

  it.each(['light', 'dark', 'hc-dark', 'hc-light'] as const)('has its picture taken in %s', async (theme) => {
    const { page } = await playground.open('', theme);
    await picture(page, `axes-${theme}`);
    const inside = await playground.open('view=one&norm=group&beta=1', theme);
    await picture(inside.page, `axes-inside-${theme}`);
    const features = await playground.open('data=features&norms=batch,layer,group,rms', theme);
    await picture(features.page, `axes-features-${theme}`);
  });
});

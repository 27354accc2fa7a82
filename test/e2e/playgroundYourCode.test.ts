import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../src/analyzer';
import { followFile } from '../../src/cli/followFile';
import { allWordsOf, Playground, picture, THEMES, violations, wordsOf } from './playgroundPage';

describe('the scene Your code, without a file', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  it('says that no file was named, and shows an example', async () => {
    const { page, complaints } = await playground.open('scene=code');
    expect(await wordsOf(page.locator('#file'))).toMatch(/^An example No file was named: normlens playground FILE/);
    expect(await page.locator('tr[data-layer]').count()).toBe(10);
    expect(complaints).toEqual([]);
  });

  it('by keyboard: a layer’s name loads it, and the other scenes show it', async () => {
    const { page } = await playground.open('scene=code');
    await page.getByRole('button', { name: 'batch_normalization_BatchNormalization2' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#onward');
    expect(await wordsOf(page.locator('#code'))).toContain('axis: -1, momentum: 0.99, epsilon: 0.00001');
    await page.locator('#onward').getByRole('button', { name: 'Axes' }).click();
    // [32, 12, 12, 16]: one mean a channel, over 32 · 12 · 12 numbers.
    await expect
      .poll(() => wordsOf(page.locator('.counts[data-norm=batch]')))
      .toBe('16 means, each over 4,608 numbers');
  });

  it('by mouse: writes the settings for each framework, and copies them', async () => {
    const { page } = await playground.open('scene=code&momentum=0.9', 'light', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('#control-framework').selectOption({ label: 'PyTorch' });
    await expect.poll(() => wordsOf(page.locator('#code'))).toContain('nn.BatchNorm2d(6, eps=0.001, momentum=0.1)');
    await page.getByRole('button', { name: 'Copy the code' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('#code').textContent());
    // There is no editor to insert into.
    expect(await page.getByRole('button', { name: 'Insert at the cursor' }).count()).toBe(0);
  });

  it('takes no notice of models that are none', async () => {
    const { page, complaints } = await playground.open('scene=code');
    for (const payload of [
      7,
      { models: [] },
      { uri: 'x', name: 'y', models: [{ name: '<img src=x onerror=alert(1)>' }] },
    ]) {
      await page.evaluate((data) => window.postMessage({ type: 'code', payload: data }), payload);
    }
    await expect.poll(() => wordsOf(page.locator('#file h3'))).toBe('y');
    expect(await page.locator('tr[data-layer]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('the scene Your code, with a file', () => {
  let folder: string;
  let file: string;
  let playground: Playground;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'normlens-code-'));
    file = join(folder, 'unet.js');
    cpSync('examples/src/unet.js', file);
    playground = await Playground.start(followFile(file, folder, createAnalyzer));
  });
  afterAll(async () => {
    await playground?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows its layers with shapes, what they share, and what is wrong', async () => {
    const { page, complaints } = await playground.open('scene=code');
    await page.waitForSelector('#file:not([data-example])');
    expect(await wordsOf(page.locator('#file h3'))).toBe('unet.js');
    expect(await wordsOf(page.locator('.finding').first())).toMatch(/error .*NL101 bn-axis-not-last/);
    // Its code trains in batches of 16: [16, 32, 32, 8] along axis 1.
    expect(await allWordsOf(page.locator('tr[data-layer=batch_normalization_BatchNormalization1] td'))).toContain(
      '32 means, each over 4,096 (B = 16)',
    );
    expect(complaints).toEqual([]);
  });

  it('follows the file as it changes', async () => {
    const { page } = await playground.open('scene=code');
    await page.waitForSelector('.finding');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('axis: 1,', 'axis: -1,').replaceAll('axis: 1 ', 'axis: -1 '));
    await expect.poll(() => page.locator('.finding', { hasText: 'NL101' }).count(), { timeout: 15_000 }).toBe(0);
    writeFileSync(file, text);
    await expect
      .poll(() => page.locator('.finding', { hasText: 'NL101' }).count(), { timeout: 15_000 })
      .toBeGreaterThan(0);
  });

  it.each(THEMES)('has no violations that axe-core knows, in %s', async (theme) => {
    const { page } = await playground.open('scene=code&framework=pytorch', theme);
    await page.waitForSelector('.finding');
    await page.getByRole('button', { name: 'batch_normalization_BatchNormalization1', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await picture(page, `code-${theme}`);
    await page.context().close();
  });

  it('fits 400 pixels', async () => {
    const { page } = await playground.open('scene=code', 'light', { viewport: { width: 400, height: 800 } });
    await page.waitForSelector('.finding');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await picture(page, 'narrow-code');
  });
});

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeDigits } from '../../runtime/data/digits';
import { Trainer } from '../../runtime/nn';
import { changed, defaultState, type PlaygroundState, readQuery } from '../../src/shared/playground';
import { planOf } from '../../webview/train/plan';
import { spread } from '../../webview/train/record';
import { LONG_TRAINING, measureMemory, type Sample, slopeOf } from '../bench/playground/memory';
import { numberOf, Playground, picture, THEMES, violations, wordsOf } from './playgroundPage';

const digits = decodeDigits(new Uint8Array(readFileSync('runtime/data/digits.bin')));
const stateOf = (query: string): PlaygroundState => changed(defaultState, readQuery(query).change);

/** Two norms, two sizes, two seeds on few digits: seconds. */
const SMALL = 'scene=train&trainNorms=batch,group&trainSizes=8,32&digits=500&runs=2&networkWidth=16';
/** Long enough to be paused. */
const LONG = 'scene=train&trainNorms=batch&trainSizes=4&epochs=20&digits=8004&runs=1&networkWidth=64';

describe('the scene Train', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  const status = (page: Page) => page.locator('#train-status').getAttribute('data-status');
  const train = (page: Page) => page.getByRole('button', { name: 'Train', exact: true }).click();
  const over = (page: Page) => page.waitForSelector('#train-status[data-status=over]', { timeout: 100_000 });
  const errors = (page: Page) => page.locator('#errors tr[data-norm] td').allTextContents();
  /** Steps of the run under way, as the progress tells. */
  const progress = (page: Page) => page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value);

  it('begins with what would be trained, and how many numbers are behind each mean', async () => {
    const { page, complaints } = await playground.open('scene=train');
    expect(await wordsOf(page.locator('#train-status'))).toBe(
      '45 runs to train: 3 networks × 5 batch sizes × 3 seeds.',
    );
    expect(await page.locator('tr[data-elements=batch] td').allTextContents()).toEqual(['32', '16', '8', '4', '2']);
    expect(await page.locator('tr[data-elements=group] td').allTextContents()).toEqual(['16', '16', '16', '16', '16']);
    expect(await page.locator('#few-elements').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('trains what its link says: the errors on screen are those of the trainer on the same settings', async () => {
    const { page, complaints } = await playground.open(SMALL);
    await train(page);
    await over(page);
    const plan = planOf(stateOf(SMALL));
    for (const line of plan.lines) {
      for (const [column, size] of [...plan.sizes].reverse().entries()) {
        const found = plan.groups
          .flat()
          .filter((run) => run.line.id === line.id && run.size === size)
          .map(({ config }) => {
            const trainer = new Trainer(config, digits);
            while (!trainer.finished) trainer.step();
            return 100 * trainer.evaluate().error;
          });
        const shown = await wordsOf(page.locator(`#errors tr[data-norm=${line.id}] td`).nth(column));
        const [mean = '', deviation = ''] = shown.split(' ± ');
        const expected = spread(found);
        expect(Math.abs(numberOf(mean) - expected.mean), shown).toBeLessThan(0.051);
        expect(Math.abs(numberOf(deviation) - expected.deviation), shown).toBeLessThan(0.051);
      }
    }
    const { page: again } = await playground.open(new URL(page.url()).hash.slice(1));
    await train(again);
    await over(again);
    expect(await errors(again)).toEqual(await errors(page));
    expect(complaints).toEqual([]);
  });

  it('shows batch norm’s error rise as the batch shrinks, and group norm’s not', async () => {
    const { page } = await playground.open('scene=train');
    await train(page);
    await over(page);
    const rows = async (norm: string) =>
      (await page.locator(`#errors tr[data-norm=${norm}] td`).allTextContents()).map((words) =>
        numberOf(words.split(' ± ')[0] ?? ''),
      );
    const [batch, group] = [await rows('batch'), await rows('group')];
    // Sizes fall from the left: 32, 16, 8, 4, 2.
    expect(batch[4] ?? 0).toBeGreaterThan(2 * (batch[0] ?? 100));
    expect(batch[4] ?? 0).toBeGreaterThan(batch[3] ?? 100);
    expect(Math.abs((group[4] ?? 0) - (group[0] ?? 100))).toBeLessThan(4);
    await picture(page, 'train-light');
  });

  it('by keyboard: trains, pauses where it is, steps, goes on', async () => {
    const { page } = await playground.open(LONG);
    const press = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Train');
    await expect.poll(() => progress(page)).toBeGreaterThan(0.005);
    await press('Pause');
    await expect.poll(() => status(page)).toBe('paused');
    await page.waitForTimeout(400);
    const paused = await progress(page);
    await page.waitForTimeout(500);
    expect(await progress(page)).toBe(paused);
    await press('Step');
    // One of 20 · 2001 steps.
    await expect.poll(() => progress(page)).toBeCloseTo(paused + 1 / 40_020, 9);
    await press('Go on');
    await expect.poll(() => progress(page)).toBeGreaterThan(paused + 0.002);
    await press('Reset training');
    await expect.poll(() => status(page)).toBe('idle');
  });

  it('stops while another scene is looked at, and goes on from there', async () => {
    const { page } = await playground.open(LONG);
    await train(page);
    await expect.poll(() => progress(page)).toBeGreaterThan(0);
    const [from, began] = [await progress(page), performance.now()];
    await expect.poll(() => progress(page)).toBeGreaterThan(from + 0.005);
    const [left, took] = [await progress(page), performance.now() - began];
    await page.getByRole('tab', { name: 'Axes' }).click();
    await page.waitForTimeout(5 * took);
    await page.getByRole('tab', { name: 'Train' }).click();
    const back = await progress(page);
    // In that time it would have gone five times as far as before.
    expect(back - left).toBeLessThan(3 * (left - from));
    await expect.poll(() => progress(page)).toBeGreaterThan(back + 0.002);
  });

  it('goes on from its checkpoint when the worker is lost', async () => {
    const { page, complaints } = await playground.open(LONG);
    await train(page);
    await page.waitForTimeout(3000);
    const before = await progress(page);
    for (const worker of page.workers())
      await worker.evaluate(() =>
        setTimeout(() => {
          throw new Error('lost');
        }),
      );
    await expect.poll(() => progress(page), { timeout: 30_000 }).toBeGreaterThan(before + 0.005);
    expect(await page.locator('.player .warning').count()).toBe(0);
    expect(complaints.filter((words) => !words.includes('lost'))).toEqual([]);
  });

  it('keeps its memory level, in the page and in the worker', async () => {
    const { page } = await playground.open(LONG_TRAINING);
    const samples = await measureMemory(page, { seconds: 20, every: 4, warmUp: 6 });
    // A step that kept its batch (a few KB) would add a megabyte a second, 60 a minute; ten minutes are `npm run bench -- playground --memory`.
    for (const value of [(one: Sample) => one.page, (one: Sample) => one.worker, (one: Sample) => one.outside])
      expect(slopeOf(samples, value) / 1e6).toBeLessThan(20);
    const [first, last] = [samples[0], samples.at(-1)];
    expect((last?.listeners ?? 1000) - (first?.listeners ?? 0)).toBeLessThan(40);
    expect((last?.nodes ?? 10_000) - (first?.nodes ?? 0)).toBeLessThan(2000);
  });

  it('has the noise test, with settings that show it, and a verdict from its own numbers', async () => {
    const { page, complaints } = await playground.open('scene=train&experiment=noise&runs=2', 'dark');
    const preset = page.getByRole('button', { name: 'Settings that show it' });
    await preset.click();
    await expect.poll(() => page.url()).toContain('learningRate=0.2');
    await expect.poll(() => preset.isDisabled()).toBe(true);
    await train(page);
    await over(page);
    const shifts = (await page.locator('#noise tr[data-norm] td:nth-child(3)').allTextContents()).map(numberOf);
    // No norm, batch norm, batch norm with noise behind it.
    expect(shifts[2] ?? 0).toBeGreaterThan(10 * (shifts[1] ?? 1));
    expect(shifts[2] ?? 0).toBeGreaterThan(shifts[0] ?? 1);
    const [none = 0, batch = 0, noisy = 1] = (
      await page.locator('#noise tr[data-norm] td:nth-child(2)').allTextContents()
    ).map((words) => numberOf(words.split(' ± ')[0] ?? ''));
    // Most of the gain stays.
    expect((none - noisy) / (none - batch)).toBeGreaterThan(0.7);
    const verdict = await wordsOf(page.locator('#noise-verdict'));
    expect(verdict).toMatch(/times as large as with batch norm alone, and larger than with no norm at all/);
    const share = /And yet (\d+) % of batch norm’s gain/.exec(verdict)?.[1];
    expect(Math.abs(Number(share) - (100 * (none - noisy)) / (none - batch))).toBeLessThan(1.5);
    expect(complaints).toEqual([]);
    await picture(page, 'train-noise-dark');
  });

  it('saves pictures and numbers as files', async () => {
    const { page } = await playground.open(SMALL);
    await train(page);
    await over(page);
    const file = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const svg = await file('Save error-by-batch-size as SVG');
    expect(svg.name).toBe('error-by-batch-size.svg');
    expect(svg.bytes.toString()).toMatch(/^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg.bytes.toString()).toContain('trainNorms=batch,group'.replace(',', '%2C'));
    // Its legend travels with it.
    expect(svg.bytes.toString()).toMatch(/>Batch norm<\/text>.*>Group norm<\/text>/s);
    expect(svg.bytes.toString()).not.toMatch(/<script|class=/);
    const png = await file('Save loss as PNG');
    expect([...png.bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const csv = (await file('Save all numbers as CSV')).bytes.toString().trimEnd().split('\r\n');
    expect(csv.filter((row) => row.includes(',test,'))).toHaveLength(8);
    const { page: shown } = await playground.open();
    await shown.setContent(svg.bytes.toString());
    await shown.screenshot({ path: 'test/output/pictures/playground-train-export.png' });
  });

  it.each(THEMES)('has no violations that axe-core knows, in %s, before and after training', async (theme) => {
    for (const hash of [SMALL, 'scene=train&experiment=noise&runs=1&digits=500']) {
      const { page, complaints } = await playground.open(hash, theme);
      expect(await violations(page)).toEqual([]);
      await train(page);
      await over(page);
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await picture(page, `train-${hash === SMALL ? 'sizes' : 'noise'}-${theme}`);
      await page.context().close();
    }
  });
});

import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Change, readQuery } from '../../src/shared/playground';
import { Editor } from './editor';
import { allWordsOf, Playground, wordsOf } from './playgroundPage';

/** Two norms, two sizes, two seeds on few digits: seconds. */
const SMALL = 'scene=train&trainNorms=batch,group&trainSizes=8,32&digits=500&runs=2&networkWidth=16';
/** Minutes. */
const LONG = 'scene=train&trainNorms=layer&trainSizes=2&epochs=20&digits=8004&runs=1&networkWidth=128&depth=4';

const statusOf = (page: Page | Frame) => page.locator('#train-status').getAttribute('data-status');
const trainIn = (page: Page | Frame) => page.getByRole('button', { name: 'Train', exact: true }).click();
const reach = (page: Page | Frame, status: string) =>
  page.waitForSelector(`#train-status[data-status=${status}]`, { timeout: 60_000 });
const progressOf = (page: Page | Frame) =>
  page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value);

/** What the page keeps in the browser's database. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('normlens-playground');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const found = opening.result.transaction('kept').objectStore('kept').get('training');
          found.onerror = () => reject(found.error);
          found.onsuccess = () => resolve(String(found.result));
          opening.result.close();
        };
      }),
  );

/** All that the finished runs show: the table, both curves' lines, and the distributions. The error's plot has two widths. */
const resultsOf = async (page: Page | Frame) => ({
  errors: await allWordsOf(page.locator('#errors td')),
  lines: await page
    .locator('.plot:not(#error-plot) .series')
    .evaluateAll((paths) => paths.map((path) => path.getAttribute('d'))),
  distributions: await page.locator('.fan').evaluateAll((paths) => paths.map((path) => path.getAttribute('d'))),
});

describe('training results, in a browser', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  it('are there again after a reload: errors, curves and distributions', async () => {
    const { page, complaints } = await playground.open(SMALL);
    await trainIn(page);
    await reach(page, 'over');
    const before = await resultsOf(page);
    expect(before.lines.some((d) => d !== null && d.length > 20)).toBe(true);
    await page.reload();
    await reach(page, 'over');
    expect(await resultsOf(page)).toEqual(before);
    expect(complaints).toEqual([]);
  });

  it('of two tabs are both kept', async () => {
    const { page } = await playground.open(SMALL);
    const second = await page.context().newPage();
    await second.goto(page.url().replace(/#.*/, `#${SMALL.replace('trainSizes=8,32', 'trainSizes=16')}`));
    await trainIn(page);
    await trainIn(second);
    await reach(second, 'over');
    await reach(page, 'over');
    for (const each of [page, second]) {
      await each.reload();
      await reach(each, 'over');
    }
  });

  it('of a run under way are there again at its last checkpoint, paused, and it goes on from there', async () => {
    const { page, complaints } = await playground.open(LONG);
    await trainIn(page);
    await expect.poll(() => kept(page), { timeout: 60_000 }).toContain('"checkpoint"');
    await page.reload();
    await reach(page, 'paused');
    const back = await progressOf(page);
    expect(back).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    expect(await progressOf(page)).toBe(back);
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await expect.poll(() => progressOf(page), { timeout: 30_000 }).toBeGreaterThan(back + 0.001);
    expect(complaints).toEqual([]);
  });

  it('that were reset do not come back', async () => {
    const { page } = await playground.open(SMALL);
    await trainIn(page);
    await reach(page, 'over');
    await page.getByRole('button', { name: 'Reset training' }).click();
    await reach(page, 'idle');
    await page.reload();
    await page.waitForSelector('#train-status');
    await page.waitForTimeout(500);
    expect(await statusOf(page)).toBe('idle');
  });

  it('that cannot be read are left out with a word', async () => {
    const { page, complaints } = await playground.open();
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('normlens-playground', 1);
          opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const putting = opening.result.transaction('kept', 'readwrite').objectStore('kept');
            putting.put('{"form":"training 0","runs":[{"config":"<img src=x>"}]}', 'training').onsuccess = () => {
              opening.result.close();
              resolve();
            };
          };
        }),
    );
    await page.getByRole('tab', { name: 'Train' }).click();
    await expect
      .poll(() => allWordsOf(page.locator('.notice > span')))
      .toEqual(['Training results of another time could not be read, and are left out.']);
    expect(await statusOf(page)).toBe('idle');
    expect(complaints).toEqual([]);
  });
});

describe('training results, in the editor', () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.start('examples');
    // The list of commands does not grow while it is open: first wait until the extension is there.
    await editor.open('src/unet.js');
    await editor.page.waitForSelector('.monaco-editor .squiggly-error');
    await editor.command('Normlens: Open Playground');
  });
  afterAll(() => editor?.stop());
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => editor.picture(`failed-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
  });

  /** Settings as the extension hands them to the page. */
  async function set(query: string): Promise<Frame> {
    const frame = await editor.playground();
    const change: Change = readQuery(query).change;
    await frame.evaluate((given) => window.postMessage({ type: 'open', change: given, refused: [] }), change);
    await frame.waitForSelector('#train-status');
    return frame;
  }

  it('are there again when the panel was hidden or closed, and when the window was loaded anew or opened anew', async () => {
    const frame = await set(SMALL);
    await trainIn(frame);
    await reach(frame, 'over');
    const before = await resultsOf(frame);
    const expectAgain = async () => {
      const shown = await editor.playground();
      await reach(shown, 'over');
      expect(await resultsOf(shown)).toEqual(before);
    };
    await editor.open('src/mlp.ts');
    await editor.page.locator('.tab', { hasText: 'Normlens Playground' }).click();
    await expectAgain();
    await editor.reload();
    await expectAgain();
    await editor.restart();
    await expectAgain();
    await editor.command('View: Close All Editors');
    await editor.page.waitForSelector('iframe.webview', { state: 'detached' });
    await editor.command('Normlens: Open Playground');
    await set(SMALL);
    await expectAgain();
    await editor.picture('playgroundTrainRestored');
  });

  it('of a run under way are there again at its last checkpoint when the window was loaded anew', async () => {
    const frame = await set(LONG);
    await expect.poll(() => wordsOf(frame.locator('#train-status'))).toMatch(/^1 run to train/);
    await trainIn(frame);
    await expect.poll(() => editor.kept('playground.json'), { timeout: 60_000 }).toContain('"checkpoint"');
    await editor.reload();
    const again = await editor.playground();
    await reach(again, 'paused');
    const back = await progressOf(again);
    expect(back).toBeGreaterThan(0);
    await again.getByRole('button', { name: 'Go on', exact: true }).click();
    await expect.poll(() => progressOf(again), { timeout: 30_000 }).toBeGreaterThan(back + 0.001);
    expect(await allWordsOf(again.locator('.notice > span'))).toEqual([]);
    expect(await wordsOf(again.locator('#train-status'))).toMatch(/^0 of 1 run/);
  });
});

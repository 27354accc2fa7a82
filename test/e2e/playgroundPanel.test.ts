import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Editor } from './editor';
import { violations, wordsOf } from './playgroundPage';
import { settingsOf } from './playgroundScenes';

describe('the playground in the editor', () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.start('examples', { 'workbench.colorTheme': 'Default Dark Modern' });
    // The list of commands does not grow while it is open: first wait until the extension is there.
    await editor.open('src/unet.js');
    await editor.page.waitForSelector('.monaco-editor .squiggly-error');
  });
  afterAll(() => editor?.stop());

  const origin = async () => wordsOf((await editor.playground()).locator('.origin'));
  const counts = async (norm: string) => wordsOf((await editor.playground()).locator(`.counts[data-norm=${norm}]`));
  const close = async () => {
    await editor.command('View: Close All Editors');
    await editor.page.waitForSelector('iframe.webview', { state: 'detached' });
  };

  it('opens from its command, with the defaults, in the colours of the theme, and axe-core finds nothing', async () => {
    await editor.command('Normlens: Open Playground');
    expect(await counts('batch')).toBe('6 means, each over 16 numbers');
    const frame = await editor.playground();
    const paper = await frame.evaluate(() => getComputedStyle(document.body).getPropertyValue('--paper').trim());
    expect(paper.toLowerCase()).toBe('#1f1f1f');
    expect(await violations(frame)).toEqual([]);
    await editor.picture('playgroundPanel');
  });

  it('runs its worker there, and its kernels', async () => {
    const frame = await editor.playground();
    await frame.getByRole('tab', { name: 'Batch' }).click();
    await frame.waitForSelector('#variance-measured');
    await frame.waitForFunction(() => document.querySelector('.pending') === null, undefined, { timeout: 60_000 });
    expect(await wordsOf(frame.locator('#weight-left'))).toBe('36.6 %');
    await editor.picture('playgroundPanelBatch');
    await frame.getByRole('tab', { name: 'Axes' }).click();
  });

  it('takes the keyboard', async () => {
    const frame = await editor.playground();
    await frame.locator('#control-batch').focus();
    await editor.page.keyboard.press('ArrowRight');
    await expect.poll(() => counts('batch')).toBe('6 means, each over 20 numbers');
  });

  it('opens from the quick fix of a finding, with the shape of that layer', async () => {
    await close();
    await editor.open('src/unet.js');
    await editor.page.waitForSelector('.monaco-editor .squiggly-error');
    await editor.command('Go to Next Problem in Files');
    await editor.page.keyboard.press('Escape');
    await editor.page.keyboard.press('Control+.');
    const action = editor.page.locator('.action-widget .monaco-list-row.action', {
      hasText: 'See it in the playground',
    });
    await action.waitFor();
    await editor.picture('playgroundQuickFix');
    await action.click();
    expect(await origin()).toMatch(/^From your code: .*\[null x \d+ x \d+ x \d+\]$/);
    // The code keeps axis 1 (which is the finding): that axis is what the playground takes for the channels.
    const [, c = 0, h = 0, w = 0] = (/\[null x (\d+) x (\d+) x (\d+)\]/.exec(await origin()) ?? []).map(Number);
    expect(await counts('instance')).toBe(
      `${(32 * c).toLocaleString('en-US')} means, each over ${(h * w).toLocaleString('en-US')} numbers`,
    );
    await editor.picture('playgroundFromFinding');
    // The other scenes have it, too.
    const settings = await settingsOf(await editor.playground());
    for (const scene of ['axes', 'batch', 'coupling', 'code']) {
      const shape = ['channels', 'height', 'width'].map((name) => settings[`${scene} control-${name}`]);
      expect(shape, scene).toEqual([c, h, w].map(String));
    }
  });

  it('opens from a code lens, with the shape of that layer', async () => {
    await close();
    await editor.open('src/digits.js');
    const lens = editor.page.locator('.codelens-decoration a', { hasText: 'See it in the playground' }).first();
    await lens.waitFor();
    await editor.picture('playgroundLens');
    await lens.click();
    expect(await origin()).toMatch(/^From your code: batch_normalization/);
  });

  it('opens from a link, which the editor asks about first', async () => {
    await close();
    const { page } = editor;
    await editor.command('Developer: Open URL');
    await page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await page.keyboard.type('vscode://normlens.normlens/playground?channels=10&groups=5&batch=3&norm=nonsense');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Open', exact: true }).click();
    expect(await counts('group')).toBe('15 means, each over 8 numbers');
    const notice = (await editor.playground()).locator('.notice > span');
    await expect.poll(() => wordsOf(notice)).toBe('Norm cannot be “nonsense”. The default is used instead.');
  });

  it('keeps its settings when it is hidden, and when the window is loaded anew', async () => {
    const { page } = editor;
    const frame = await editor.playground();
    await frame.locator('#control-channels').focus();
    await page.keyboard.press('Home');
    const set = '1 mean, each over 12 numbers';
    await expect.poll(() => counts('batch')).toBe(set);
    await editor.open('src/mlp.ts');
    await page.locator('.tab', { hasText: 'Normlens Playground' }).click();
    expect(await counts('batch')).toBe(set);
    await editor.reload();
    await expect.poll(() => counts('batch'), { timeout: 60_000 }).toBe(set);
  });
});

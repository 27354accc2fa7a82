import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Editor } from './editor';

const ERROR = '.monaco-editor .squiggly-error';

describe('in the editor, with the packed extension installed', () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await Editor.start('examples', {
      'editor.inlayHints.enabled': 'on',
      'workbench.colorTheme': 'Default Dark Modern',
    });
  });
  afterAll(() => editor?.stop());

  it('a planted misuse is underlined, listed with its rule, and explained in a hover', async () => {
    const { page } = editor;
    await editor.open('src/unet.js');
    await page.waitForSelector(ERROR);
    await editor.command('View: Toggle Problems');
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'NL101' }).first();
    await row.waitFor();
    await row.dblclick();
    await editor.picture('findings');
    await editor.pointAt(page.locator(ERROR).first());
    const hover = page.locator('.monaco-hover', { hasText: 'bn-axis-not-last' });
    await hover.waitFor();
    expect(await hover.textContent()).toMatch(/\[null, \d+, \d+, \d+\]/);
    await editor.picture('hover');
  });

  it('shapes stand behind the layers', async () => {
    const lines = editor.page.locator('.monaco-editor .view-line', { hasText: '[null,32,32,8]' });
    await lines.first().waitFor();
    expect(await lines.count()).toBeGreaterThan(2);
  });

  it('the quick fix mends it', async () => {
    const { page } = editor;
    await editor.open('src/unet.js');
    await page.waitForSelector(ERROR);
    await editor.command('Go to Next Problem in Files');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    await page.waitForSelector('.action-widget .monaco-list-row.action');
    await editor.picture('quickFix');
    await page.keyboard.press('Enter');
    await page.waitForSelector(ERROR, { state: 'detached' });
  });

  it('activation takes at most 20 ms', async () => {
    // The best of three: a machine that does other things at the time says nothing about the extension.
    const times: number[] = [];
    while (times.length < 3) {
      if (times.length > 0) await editor.command('Developer: Restart Extension Host');
      times.push(await activationTime(editor));
    }
    console.log(`activation: ${times.join(', ')} ms`);
    expect(Math.min(...times)).toBeLessThanOrEqual(20);
  });
});

/** What the editor itself measured, in milliseconds. */
async function activationTime(editor: Editor): Promise<number> {
  await editor.command('Developer: Show Running Extensions');
  const entry = editor.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Normlens' });
  const measured = entry.locator('.activation-time', { hasText: /\d+ms/ });
  await measured.waitFor();
  return Number(/(\d+)ms/.exec((await measured.textContent()) ?? '')?.[1]);
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Editor } from './editor';

const ERROR = '.monaco-editor .squiggly-error';

describe('in the editor, with the packed extension installed', () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await Editor.start('examples', {
      'editor.inlayHints.enabled': 'on',
      'workbench.colorTheme': 'Default Dark Modern',
      // The packages of the examples are not installed here, which TypeScript would say of every import.
      'typescript.validate.enable': false,
      'javascript.validate.enable': false,
    });
  });
  afterAll(() => editor?.stop());
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => editor.picture(`failed-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
  });

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
    await page.keyboard.press('Escape');
  });

  it('a file that is right has shapes and no findings', async () => {
    const { page } = editor;
    await editor.open('src/mlp.ts');
    await editor.goTo(38, 1);
    await page.locator('.monaco-editor .view-line', { hasText: '[null,4]' }).first().waitFor();
    expect(await page.locator(`${ERROR}, .monaco-editor .squiggly-warning`).count()).toBe(0);
  });

  it('shapes stand behind the layers', async () => {
    await editor.open('src/unet.js');
    const lines = editor.page.locator('.monaco-editor .view-line', { hasText: '[null,32,32,8]' });
    await lines.first().waitFor();
    expect(await lines.count()).toBeGreaterThan(2);
  });

  it('the picture of the README is taken', async () => {
    const { page } = editor;
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await page.setViewportSize({ width: 1240, height: 740 });
    await editor.goTo(13, 40);
    await page.waitForSelector(ERROR);
    // The input for the line fades out.
    await page.waitForTimeout(500);
    await editor.picture('editor');
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await page.setViewportSize({ width: 1400, height: 900 });
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
});

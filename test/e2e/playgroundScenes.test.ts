import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SceneName } from '../../src/shared/playground';
import { Editor } from './editor';
import { allWordsOf, Playground, settled, violations, wordsOf } from './playgroundPage';
import { SCENE_CHECKS, settingsOf } from './playgroundScenes';

const SCENES = Object.keys(SCENE_CHECKS) as SceneName[];

describe('in a browser, the scene', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  it.each(SCENES)('%s does by mouse and by keyboard what it should, with the numbers of float64', async (scene) => {
    const { page, complaints } = await playground.open();
    await SCENE_CHECKS[scene]({ frame: page, keyboard: page.keyboard });
    const settings = await settingsOf(page);
    await settled(page);
    await page.reload();
    await page.waitForSelector('.scene h2');
    expect(await settingsOf(page)).toEqual(settings);
    const { page: linked } = await playground.open(new URL(page.url()).hash.slice(1));
    expect(await settingsOf(linked)).toEqual(settings);
    expect(complaints).toEqual([]);
    await page.context().close();
    await linked.context().close();
  });
});

/** The editor's kinds of theme: the setting (which is read when the window loads), and the class that its pages get. */
const THEMES = {
  dark: ['Default Dark Modern', 'vscode-dark'],
  light: ['Default Light Modern', 'vscode-light'],
  'hc-dark': ['Default High Contrast', 'vscode-high-contrast'],
  'hc-light': ['Default High Contrast Light', 'vscode-high-contrast-light'],
} as const;

describe('in the editor, the scene', () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.start('examples', { 'workbench.colorTheme': THEMES.dark[0] });
    await editor.open('src/digits.js');
    await editor.page.locator('.codelens-decoration a', { hasText: 'See it in the playground' }).first().waitFor();
    await editor.command('Normlens: Open Playground');
    await editor.playground();
    await editor.command('View: Toggle Primary Side Bar Visibility');
  });
  afterAll(() => editor?.stop());
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => editor.picture(`failed-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
  });

  const place = async () => ({ frame: await editor.playground(), keyboard: editor.page.keyboard });

  it.each(SCENES)('%s does by mouse and by keyboard what it should, with the numbers of float64', async (scene) => {
    await SCENE_CHECKS[scene](await place());
  });

  it.each(SCENES)('%s has its settings again when the panel was hidden', async (scene) => {
    const frame = await editor.playground();
    await frame.locator(`#tab-${scene}`).click();
    const settings = await settingsOf(frame);
    await editor.open('src/mlp.ts');
    await editor.page.locator('.tab', { hasText: 'Normlens Playground' }).click();
    expect(await settingsOf(await editor.playground())).toEqual(settings);
  });

  it('has its settings again, each of them, when the window was loaded anew, and when it was opened anew', async () => {
    const frame = await editor.playground();
    const settings = await settingsOf(frame);
    await settled(frame);
    await editor.reload();
    const again = await editor.playground();
    expect(await settingsOf(again)).toEqual(settings);
    await settled(again);
    // The editor writes what its views hold a moment after.
    await editor.page.waitForTimeout(1000);
    await editor.restart();
    expect(await settingsOf(await editor.playground())).toEqual(settings);
  });

  it('has its settings again from its link, each of them', async () => {
    const frame = await editor.playground();
    const settings = await settingsOf(frame);
    await frame.getByRole('button', { name: 'Copy link' }).click();
    await expect
      .poll(() => editor.page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^vscode:\/\/normlens\.normlens\/playground\?/);
    const link = await editor.page.evaluate(() => navigator.clipboard.readText());
    await editor.command('View: Close All Editors');
    await editor.page.waitForSelector('iframe.webview', { state: 'detached' });
    await editor.command('Developer: Open URL');
    await editor.page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await editor.page.keyboard.insertText(link);
    await editor.page.keyboard.press('Enter');
    await editor.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Open', exact: true }).click();
    expect(await settingsOf(await editor.playground())).toEqual(settings);
  });

  it.each(Object.keys(THEMES) as (keyof typeof THEMES)[])(
    'has no violations that axe-core knows, each of them in %s, and has its picture taken',
    async (theme) => {
      const [name, kind] = THEMES[theme];
      editor.setting('workbench.colorTheme', name);
      await editor.reload();
      const frame = await editor.playground();
      await expect
        .poll(() => frame.evaluate((one) => document.body.classList.contains(one), kind), { timeout: 20_000 })
        .toBe(true);
      for (const scene of SCENES) {
        await show(frame, scene);
        expect(await violations(frame), scene).toEqual([]);
        await editor.picture(`panel-${scene}-${theme}`);
      }
      expect(await allWordsOf(frame.locator('.notice > span'))).toEqual([]);
    },
  );

  async function show(frame: Frame, scene: SceneName): Promise<void> {
    await frame.locator(`#tab-${scene}`).click();
    await frame.waitForSelector(`[data-scene=${scene}]`);
    if (scene === 'style') await frame.waitForSelector('#picture-result[data-ready]');
    if (scene === 'train') await frame.waitForSelector('#train-status');
    await settled(frame);
    expect(await wordsOf(frame.locator('h2'))).not.toBe('');
  }
});

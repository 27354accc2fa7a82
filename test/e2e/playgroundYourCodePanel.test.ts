import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Editor } from './editor';
import { allWordsOf, violations, wordsOf } from './playgroundPage';

const NORM = 'batch_normalization_BatchNormalization1';

describe('the scene Your code in the editor', () => {
  let editor: Editor;
  let frame: Frame;
  beforeAll(async () => {
    editor = await Editor.start('examples', {
      'workbench.colorTheme': 'Default Light Modern',
      'files.autoSave': 'off',
    });
    await editor.open('src/digits.js');
    await editor.page.locator('.codelens-decoration a', { hasText: 'See it in the playground' }).first().waitFor();
    await editor.command('Normlens: Open Playground');
    frame = await editor.playground();
    await frame.getByRole('tab', { name: 'Your code' }).click();
    await frame.waitForSelector('#file:not([data-example])', { timeout: 20_000 });
  });
  afterAll(() => editor?.stop());
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => editor.picture(`failed-${task.name.replace(/\W+/g, '-').slice(0, 40)}`));
  });

  const layers = () => allWordsOf(frame.locator('tr[data-layer] th'));
  const text = () => readFileSync(join(editor.folder, 'src/digits.js'), 'utf8');

  it('shows the models of the active editor, and axe-core finds nothing', async () => {
    expect(await wordsOf(frame.locator('#file h3'))).toBe('digits.js');
    expect(await layers()).toContain(NORM);
    expect(await violations(frame)).toEqual([]);
    await editor.picture('playgroundYourCode');
  });

  it('jumps to a layer’s line', async () => {
    const row = frame.locator(`tr[data-layer=${NORM}]`);
    const line = Number(await wordsOf(row.locator('td').first()));
    await row.getByRole('button', { name: `Line ${line}, in the editor` }).click();
    await editor.page.waitForSelector('.monaco-editor.focused');
    await expect
      .poll(() => wordsOf(editor.page.locator('#status\\.editor\\.selection')))
      .toMatch(new RegExp(`Ln ${line},`));
    expect(text().split('\n')[line - 1]).toContain('batchNormalization');
  });

  it('keeps step with the editor, before anything is saved', async () => {
    const before = await frame.locator('tr[data-layer]').count();
    // At the end of the file, a model of its own.
    await editor.goTo(9999, 1);
    await editor.page.keyboard.press('End');
    await editor.page.keyboard.type(
      '\n\nconst extra = tf.sequential();\nextra.add(tf.layers.dense({ inputShape: [7], units: 3 }));\n',
    );
    await expect.poll(() => frame.locator('tr[data-layer]').count(), { timeout: 15_000 }).toBe(before + 1);
    expect(text()).not.toContain('extra');
  });

  it('follows to another file, and stays with it while the panel has the focus', async () => {
    await editor.open('src/unet.js');
    await expect.poll(() => wordsOf(frame.locator('#file h3')), { timeout: 15_000 }).toBe('unet.js');
    await frame.getByRole('button', { name: NORM, exact: true }).click();
    await frame.waitForSelector('#onward');
    expect(await wordsOf(frame.locator('#file h3'))).toBe('unet.js');
  });

  it('inserts the code at the cursor', async () => {
    // The panel has the focus, where the editor's keys do not reach.
    await editor.page
      .locator('.monaco-editor .view-line')
      .first()
      .click({ position: { x: 1, y: 1 } });
    await editor.goTo(3, 1);
    await frame.getByRole('button', { name: 'Insert at the cursor' }).click();
    const line = editor.page.locator('.monaco-editor .view-line', { hasText: 'tf.sequential({' });
    await line.first().waitFor({ timeout: 15_000 });
    // The file imports it already.
    const imports = editor.page.locator('.monaco-editor .view-line', { hasText: 'import * as tf' });
    expect(await imports.count()).toBe(1);
    await editor.picture('playgroundInserted');
  });

  it('trains in the panel', async () => {
    await frame.getByRole('tab', { name: 'Train' }).click();
    await frame.getByRole('button', { name: 'Step', exact: true }).click();
    await expect
      .poll(() => frame.locator('#train-status').getAttribute('data-status'), { timeout: 20_000 })
      .toBe('paused');
    await frame.getByRole('tab', { name: 'Style' }).click();
    await frame.waitForSelector('#picture-result[data-ready]', { timeout: 20_000 });
    await editor.picture('playgroundStylePanel');
  });
});

/** What each scene has to do wherever its page is: by mouse, by keyboard, and with the numbers of the float64 formula. */
import { readFileSync } from 'node:fs';
import type { Frame, Keyboard, Page } from 'playwright-core';
import { expect } from 'vitest';
import { decodeDigits } from '../../runtime/data/digits';
import { Trainer } from '../../runtime/nn';
import { differentiate } from '../../runtime/reference/tape';
import { cellAt, cellOf, drawnLayer, indexOf, layerOf, partition } from '../../src/shared/illustration';
import { changed, defaultState, type PlaygroundState, readQuery, type SceneName } from '../../src/shared/playground';
import { sampleValues } from '../../webview/axes/tensor';
import { madePicture } from '../../webview/style/pictures';
import { BASES, bandsOf, takeApart } from '../../webview/style/transform';
import { planOf } from '../../webview/train/plan';
import { inFloat64, reference } from '../unit/webview/support/reference';
import { allWordsOf, numberOf, settled, wordsOf } from './playgroundPage';

/** A browser's page, or the panel's frame in the editor. */
export interface Place {
  readonly frame: Page | Frame;
  readonly keyboard: Keyboard;
}

export const stateOf = (query: string): PlaygroundState => changed(defaultState, readQuery(query).change);

/** Shows these settings and the defaults for the rest, as a message of the extension does. */
async function set({ frame }: Place, query: string): Promise<PlaygroundState> {
  const state = stateOf(query);
  await frame.evaluate((change) => window.postMessage({ type: 'open', change, refused: [] }), state);
  await frame.waitForSelector(`[data-scene=${state.scene}]`);
  await settled(frame);
  return state;
}

/** The arithmetic on screen against the float64 formula. */
export async function expectReference(frame: Page | Frame, state: PlaygroundState): Promise<void> {
  const layer = drawnLayer(layerOf(state));
  const cell = cellOf(state, layer);
  const values = sampleValues(layer, state.seed, state.edits);
  const index = indexOf(layer, cell);
  const x = inFloat64(layer, values);
  const sets = partition(state.norm, layer);
  const members = [...values].filter((_, i) => sets.setOf(cellAt(layer, i)) === sets.setOf(cell));
  const mean = members.reduce((sum, v) => sum + v, 0) / members.length;
  const around = sets.centered ? mean : 0;
  const variance = members.reduce((sum, v) => sum + (v - around) ** 2, 0) / members.length;
  const shown = async (id: string) => numberOf(await wordsOf(frame.locator(`#result-${id}`)));
  if (sets.centered) expect(await shown('mean')).toBeCloseTo(mean, 2);
  expect(Math.abs((await shown('variance')) - variance)).toBeLessThan(0.0006);
  const plain = reference(state.norm, layer, x, state.epsilon).data[index] ?? 0;
  const y = reference(state.norm, layer, x, state.epsilon, state.gamma, state.beta).data[index] ?? 0;
  expect(Math.abs((await shown('normalized')) - plain)).toBeLessThan(0.0006);
  expect(Math.abs((await shown('output')) - y)).toBeLessThan(0.0006);
}

type Check = (place: Place) => Promise<void>;

const axes: Check = async (place) => {
  const { frame, keyboard } = place;
  const state = await set(place, 'scene=axes&seed=3');
  const box = { width: 0, height: 0, ...(await frame.locator('.card .picture').nth(1).boundingBox()) };
  // The left face, at its far end: channel 0 of sample 0.
  const position = { x: box.width * 0.095, y: box.height * 0.5 };
  await frame.locator('.card .picture').nth(1).click({ position });
  await frame.waitForSelector('#result-output');
  const crumbs = await wordsOf(frame.locator('.crumbs'));
  const [row = 0, column = 0] = (/Layer norm › sample 0, channel 0, row (\d), column (\d)/.exec(crumbs) ?? [])
    .slice(1)
    .map(Number);
  const inside = { ...state, norm: 'layer', cellSample: 0, cellChannel: 0, cellRow: row, cellColumn: column } as const;
  await expectReference(frame, inside);
  await frame.locator('#control-gamma').focus();
  await keyboard.press('Home');
  await expect.poll(() => frame.locator('#control-gamma').getAttribute('aria-valuetext')).toBe('−4');
  await expectReference(frame, { ...inside, gamma: -4 });
};

const batch: Check = async (place) => {
  const { frame, keyboard } = place;
  await set(place, 'scene=batch&draws=200&samples=33&batch=8&momentum=0.9&data=features');
  const [mu, q] = [0.9, 4];
  const theory = ((1 - 1 / 8) * mu * (1 - mu ** q)) / (1 - mu ** (q + 1));
  expect(numberOf(await wordsOf(frame.locator('#variance-theory')))).toBeCloseTo(theory, 2);
  expect(Math.abs(numberOf(await wordsOf(frame.locator('#variance-measured'))) - theory)).toBeLessThan(0.04);
  const left = async () => numberOf(await wordsOf(frame.locator('#weight-left')));
  await frame.locator('#control-momentum').focus();
  await keyboard.press('ArrowRight');
  await settled(frame);
  const momentum = Number(await frame.locator('#control-momentum').getAttribute('aria-valuetext'));
  const steps = Number(await frame.locator('#control-trainSteps').getAttribute('aria-valuetext'));
  expect(momentum).toBeGreaterThan(0.9);
  await expect.poll(left).toBeCloseTo(100 * momentum ** steps, 1);
  await frame.locator('#control-compared').selectOption({ label: 'Group norm' });
  await frame.waitForSelector('#cloud-group');
  await settled(frame);
  // In a sample's own groups, batch-mates move nothing.
  expect(new Set(await allWordsOf(frame.locator('#spreads tr[data-norm=group] td')))).toEqual(new Set(['0, exactly']));
};

/** The matrix of |∂yᵢ/∂xⱼ| on the page is that of the float64 formula; what is 0 there says so. */
export async function expectDerivatives(frame: Page | Frame, state: PlaygroundState): Promise<void> {
  const layer = drawnLayer(layerOf(state));
  const values = sampleValues(layer, state.seed);
  const each = values.length / layer.n;
  for (let i = 0; i < layer.n; i++) {
    const x = inFloat64(layer, values);
    const seed = new Float64Array(values.length);
    seed[indexOf(layer, { ...cellOf(state, layer), n: i })] = 1;
    differentiate(reference(state.norm, layer, x, state.epsilon), seed);
    for (let j = 0; j < layer.n; j++) {
      const length = Math.hypot(...x.gradient.slice(j * each, (j + 1) * each));
      const words = await wordsOf(frame.locator(`#entry-${i}-${j}`));
      expect(Math.abs(numberOf(words) - length), `${i}, ${j}`).toBeLessThan(0.0006);
      if (length === 0) expect(words).toBe('0');
    }
  }
}

const coupling: Check = async (place) => {
  const { frame, keyboard } = place;
  await expectDerivatives(frame, await set(place, 'scene=coupling&norm=batch&batch=5&seed=4'));
  const focused = () => frame.evaluate(() => document.activeElement?.id);
  await frame.locator('#entry-2-3').click();
  await expect.poll(focused).toBe('entry-2-3');
  await keyboard.press('ArrowUp');
  await expect.poll(focused).toBe('entry-1-3');
  await expect.poll(() => frame.locator('#entry-1-3').getAttribute('aria-pressed')).toBe('true');
};

const train: Check = async (place) => {
  const { frame, keyboard } = place;
  const state = await set(
    place,
    'scene=train&trainNorms=batch,group&trainSizes=32&digits=500&runs=1&networkWidth=16&seed=5',
  );
  await frame.getByRole('button', { name: 'Train', exact: true }).focus();
  await keyboard.press('Enter');
  await frame.waitForSelector('#train-status[data-status=over]', { timeout: 60_000 });
  const digits = decodeDigits(new Uint8Array(readFileSync('runtime/data/digits.bin')));
  for (const { line, config } of planOf(state).groups.flat()) {
    const trainer = new Trainer(config, digits);
    while (!trainer.finished) trainer.step();
    const shown = numberOf(await wordsOf(frame.locator(`#errors tr[data-norm=${line.id}] td`).first()));
    expect(Math.abs(shown - 100 * trainer.evaluate().error), line.id).toBeLessThan(0.051);
  }
  await frame.locator('label', { hasText: 'Noise test' }).click();
  await frame.waitForSelector('#noise');
  await frame.locator('label', { hasText: 'Batch size' }).first().click();
  await frame.waitForSelector('#errors');
};

const style: Check = async (place) => {
  const { frame, keyboard } = place;
  await set(place, 'scene=style&content=portrait&stylePicture=waves&scales=2');
  await frame.waitForSelector('#picture-result[data-ready]');
  await settled(frame);
  const cells = (channel: number) => frame.locator(`#channels tr[data-channel="${channel}"] td`).allTextContents();
  const { data } = takeApart(madePicture('waves'), BASES.opponent, 2);
  const channels = 3 * bandsOf(2);
  const area = data.length / channels;
  for (let c = 0; c < channels; c += 2) {
    const plane = data.subarray(c * area, (c + 1) * area);
    const mean = plane.reduce((sum, x) => sum + x, 0) / area;
    const deviation = Math.sqrt(plane.reduce((sum, x) => sum + (x - mean) ** 2, 0) / area + 1e-3);
    const row = (await cells(c)).map(numberOf);
    // The style's own, and the mean that the result takes from it.
    for (const [column, expected] of [mean, deviation, mean].entries()) {
      expect(Math.abs((row[2 + column] ?? Number.NaN) - expected), `${c}, ${column}`).toBeLessThan(0.0051);
    }
  }
  await frame.locator('#control-strength').focus();
  await keyboard.press('Home');
  await expect.poll(() => frame.locator('#control-strength').getAttribute('aria-valuetext')).toBe('0 %');
  await expect.poll(async () => (await cells(0)).slice(4)).toEqual((await cells(0)).slice(0, 2));
  await frame.locator('label', { hasText: 'Instance norm' }).click();
  await expect.poll(async () => (await cells(0)).slice(4).map(numberOf)).toEqual([0, 1]);
};

const code: Check = async (place) => {
  const { frame, keyboard } = place;
  await set(place, 'scene=code');
  const row = frame.locator('tr[data-layer*=BatchNorm]').last();
  await row.waitFor({ timeout: 30_000 });
  const words = await wordsOf(row);
  const [, shape = ''] = /\[null, ([\d, ]+)\]/.exec(words) ?? [];
  const dims = shape.split(', ').map(Number);
  const [c = 0, places] = [dims.at(-1), dims.slice(0, -1).reduce((product, dim) => product * dim, 1)];
  const [, b = 0] = (/\(B = (\d+)\)/.exec(words) ?? []).map(Number);
  const counts = `${c.toLocaleString('en-US')} means, each over ${(b * places).toLocaleString('en-US')}`;
  expect(words).toContain(`${counts} (B = ${b})`);
  await row.locator('button.load[aria-pressed]').focus();
  await keyboard.press('Enter');
  await frame.locator('#onward').getByRole('button', { name: 'Axes' }).click();
  await expect.poll(() => wordsOf(frame.locator('.counts[data-norm=batch]'))).toBe(`${counts} numbers`);
};

/** In the order of the tabs. */
export const SCENE_CHECKS: Readonly<Record<SceneName, Check>> = { axes, batch, coupling, train, style, code };

/** What every control of every scene says. Leaves the first scene shown. */
export async function settingsOf(frame: Page | Frame): Promise<Readonly<Record<string, string>>> {
  const all: Record<string, string> = {};
  for (const scene of [...Object.keys(SCENE_CHECKS), 'axes']) {
    await frame.locator(`#tab-${scene}`).click();
    await frame.waitForSelector(`[data-scene=${scene}]`);
    const found = await frame.evaluate(() =>
      [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('.controls input, .controls select')].map(
        (control): [string, string] => {
          const name = control.id || control.name || (control.closest('label')?.textContent ?? '').trim();
          const ticked = control instanceof HTMLInputElement && /^(radio|checkbox)$/.test(control.type);
          const key = ticked ? `${name} ${control.value}` : name;
          return [key, ticked ? String(control.checked) : (control.getAttribute('aria-valuetext') ?? control.value)];
        },
      ),
    );
    for (const [name, value] of found) all[`${scene} ${name}`] = value;
  }
  return all;
}

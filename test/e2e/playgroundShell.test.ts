import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allWordsOf, numberOf, Playground, picture, settled, THEMES, violations, wordsOf } from './playgroundPage';

/** Pages that differ in what they are made of. */
const PAGES: Readonly<Record<string, string>> = {
  axes: '',
  'axes, one large': 'view=one&norm=layer',
  'axes, features': 'data=features',
  'axes, with a notice and a layer': 'batch=0&layer=conv2d_bn&channels=64',
  batch: 'scene=batch&draws=20',
  coupling: 'scene=coupling',
};

/** The scenes that have files of tests of their own, too. */
const ALL_PAGES = {
  ...PAGES,
  train: 'scene=train',
  'train, noise test': 'scene=train&experiment=noise',
  style: 'scene=style',
  code: 'scene=code',
};

describe('the playground', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await Playground.start();
  });
  afterAll(() => playground?.stop());

  it.each(THEMES.flatMap((theme) => Object.keys(PAGES).map((name) => [theme, name] as const)))(
    'has no violations that axe-core knows, in %s: %s',
    async (theme, name) => {
      const { page, complaints } = await playground.open(PAGES[name], theme);
      await settled(page);
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it.each([
    ['400 pixels', { width: 400, height: 800 }],
    ['200 % zoom of a window of 1280', { width: 640, height: 450 }],
  ])('fits %s without scrolling sideways', async (name, viewport) => {
    for (const [what, hash] of Object.entries(ALL_PAGES)) {
      const { page } = await playground.open(hash, 'light', { viewport });
      if (what === 'style') await page.waitForSelector('#picture-result[data-ready]');
      await settled(page);
      const [inner, outer] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(inner, what).toBeLessThanOrEqual(outer ?? 0);
      await picture(page, `${name === '400 pixels' ? 'narrow' : 'zoomed'}-${what.replaceAll(/\W+/g, '-')}`);
      await page.context().close();
    }
  });

  it('brings settings back from its link, and keeps them over a reload', async () => {
    const { page } = await playground.open();
    await page.getByLabel('Features', { exact: true }).check();
    await page.locator('#control-channels').focus();
    await page.keyboard.press('End');
    await page.getByRole('tab', { name: 'Coupling' }).click();
    await page.getByLabel('Linear at once').check();
    await expect.poll(() => page.url()).toContain('head=linear');
    await settled(page);
    const stage = await wordsOf(page.locator('.stage'));
    await page.reload();
    await page.waitForSelector('[data-scene=coupling]');
    await expect.poll(() => wordsOf(page.locator('.stage'))).toBe(stage);
    const { page: other } = await playground.open(new URL(page.url()).hash.slice(1));
    await expect.poll(() => wordsOf(other.locator('.stage'))).toBe(stage);
  });

  it('follows another link pasted over its address', async () => {
    const { page } = await playground.open('channels=12');
    await page.evaluate(() => {
      window.location.hash = '#batch=7';
    });
    await expect.poll(() => wordsOf(page.locator('.counts[data-norm=batch]'))).toBe('6 means, each over 28 numbers');
  });

  it('copies its link', async () => {
    const { page } = await playground.open('batch=7', 'light', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy link' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(`${playground.server.address}?theme=light#batch=7`);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => page.locator('.notice').count()).toBe(0);
  });

  it('falls back to defaults with a word where a link is wrong, and runs nothing of it', async () => {
    const { page, complaints } = await playground.open(
      'batch=-3&norm=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&edits=9:1e99&bogus=1',
    );
    const notices = await allWordsOf(page.locator('.notice > span'));
    expect(notices).toHaveLength(4);
    expect(notices[0]).toBe('Batch N cannot be “-3”. The default is used instead.');
    expect(await wordsOf(page.locator('.counts[data-norm=batch]'))).toBe('6 means, each over 16 numbers');
    expect(complaints).toEqual([]);
  });

  it('takes no notice of messages that are none of its own', async () => {
    const { page, complaints } = await playground.open();
    await page.evaluate(() => {
      for (const message of [
        null,
        7,
        'x',
        { type: 'open' },
        { type: 'open', change: { batch: 'x' } },
        { type: 'nope' },
      ]) {
        window.postMessage(message);
      }
    });
    await expect
      .poll(() => allWordsOf(page.locator('.notice > span')))
      .toEqual(['Batch N cannot be “x”. The default is used instead.']);
    expect(complaints).toEqual([]);
  });

  it('asks for less motion where the system does', async () => {
    const { page } = await playground.open('', 'light', { reducedMotion: 'reduce' });
    expect(await page.evaluate(() => document.body.classList.contains('reduced-motion'))).toBe(true);
  });

  it('starts a lost worker anew, and finishes what it was asked', async () => {
    const { page, complaints } = await playground.open('scene=batch&draws=20');
    await settled(page);
    const [worker] = page.workers();
    await worker?.evaluate(() => self.close());
    await page.locator('#control-trainSteps').focus();
    await page.keyboard.press('End');
    await page.waitForSelector('.pending');
    await settled(page);
    expect(numberOf(await wordsOf(page.locator('#weight-left')))).toBeCloseTo(100 * 0.99 ** 5000, 6);
    expect(complaints).toEqual([]);
  });

  it('is served to this machine alone, with a policy in the header', async () => {
    const { address } = playground.server;
    const answer = await fetch(address);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{20,}' 'wasm-unsafe-eval'; style-src 'self'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect((await fetch(address, { method: 'POST' })).status).toBe(405);
    for (const path of ['../package.json', '%2e%2e/package.json', 'nothing.js', 'main.ts', '..%2fserver.js']) {
      expect((await fetch(new URL(path, address))).status, path).toBe(404);
    }
    const nonces = await Promise.all(
      [1, 2].map(
        async () => /nonce-([\w-]+)/.exec((await fetch(address)).headers.get('content-security-policy') ?? '')?.[1],
      ),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Frame, Locator, Page } from 'playwright-core';
import { type PlaygroundServer, servePlayground } from '../../src/cli/playground';
import type { CodeModels } from '../../src/shared/playground';
import { launchBrowser } from './browser';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const PICTURES = resolve('test/output/pictures');

export const THEMES = ['light', 'dark', 'hc-dark', 'hc-light'] as const;
export type Theme = (typeof THEMES)[number];

/** A page of the playground, and what it complained of. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of the console and requests to other machines. */
  readonly complaints: readonly string[];
}

/** The playground as `normlens playground` serves it, in a browser. */
export class Playground {
  private constructor(
    readonly server: PlaygroundServer,
    private readonly browser: Browser,
  ) {}

  /** @param models what the server tells of a file, for the scene Your code */
  static async start(models?: () => CodeModels | undefined): Promise<Playground> {
    const server = await servePlayground(resolve('dist/webview'), 0, models);
    const browser = await launchBrowser();
    return new Playground(server, browser);
  }

  async open(hash = '', theme: Theme = 'light', options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.server.address) && !/^(blob|data):/.test(url)) complaints.push(`request to ${url}`);
    });
    await page.goto(`${this.server.address}?theme=${theme}${hash === '' ? '' : `#${hash}`}`);
    await page.waitForSelector('.scene h2');
    return { page, complaints };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}

/** What axe-core finds, one line each. */
export async function violations(page: Page | Frame): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Result {
      readonly violations: readonly {
        readonly id: string;
        readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
      }[];
    }
    const { axe } = window as unknown as { axe: { run(): Promise<Result> } };
    const found = await axe.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
  });
}

/** A picture of the whole page in test/output/pictures, with all that it computes. */
export async function picture(page: Page, name: string): Promise<void> {
  await settled(page);
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `playground-${name}.png`), fullPage: true });
}

/** An element's text, its white space as the page shows it. Formulas have text, too. */
export const wordsOf = async (locator: Locator): Promise<string> => tidy((await locator.textContent()) ?? '');

/** The same of each. */
export const allWordsOf = async (locator: Locator): Promise<readonly string[]> =>
  (await locator.allTextContents()).map(tidy);

const tidy = (words: string): string => words.replaceAll(/\s+/g, ' ').trim();

/** A number as the page writes it: real minus signs, thousands apart, powers of ten. */
export function numberOf(words: string): number {
  const plain = words.trim().replaceAll('−', '-').replaceAll(',', '').replace(/\s*%$/, '');
  const power = /^(?:(.+)·)?10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(plain);
  if (!power) return Number(plain);
  const [, factor = '1', sign, raised = ''] = power;
  const exponent = [...raised].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join('');
  return Number(factor) * 10 ** ((sign === '' ? 1 : -1) * Number(exponent));
}

/** Waits until nothing is under way in the worker, and the settings are saved: in the address, or with the editor. */
export async function settled(page: Page | Frame): Promise<void> {
  // What was asked for last is drawn, and asks the worker, in the frame after.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => document.querySelector('.pending, [data-unsaved]') === null, undefined, {
    timeout: 60_000,
  });
}

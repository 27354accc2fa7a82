/** The browser that the tests drive. */
import { createRequire } from 'node:module';
import { type Browser, chromium } from 'playwright-core';

const { findChromium, CHROMIUM_FLAGS } = createRequire(import.meta.url)('../tools/chromium.js') as {
  findChromium(): string;
  CHROMIUM_FLAGS: string[];
};

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });

// Makes media/icon.png of media/icon.svg: `node test/tools/drawIcon.mjs`. The marketplace takes no SVG.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const { findChromium, CHROMIUM_FLAGS } = createRequire(import.meta.url)('./chromium.js');
const SIZE = 256;
const file = (name) => fileURLToPath(new URL(`../../media/${name}`, import.meta.url));

const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
await page.setContent(
  `<style>body{margin:0}svg{display:block;width:${SIZE}px}</style>${readFileSync(file('icon.svg'), 'utf8')}`,
);
await page.screenshot({ path: file('icon.png'), omitBackground: true });
await browser.close();

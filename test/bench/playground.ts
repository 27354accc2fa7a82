/** How fast the playground's page is: its size, its first meaningful frame, and the frames of an interaction. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { servePlayground } from '../../src/cli/playground';

const LIMITS = { bundle: 400 * 1024, firstFrame: 300, median: 16, worst: 50 };
const FOLDER = 'dist/webview';
const OPENINGS = 7;
/** The largest tensor that is drawn cell by cell: 8 × 16 × 16 × 16. */
const LARGEST = 'batch=8&channels=16&height=16&width=16&groups=4';

interface Interaction {
  readonly name: string;
  readonly hash: string;
  /** Does one step; called some forty times with its number. */
  readonly step: (page: Page, i: number) => Promise<void>;
}

const slide = (id: string) => async (page: Page, i: number) => {
  await page.locator(id).evaluate((input, n) => {
    const range = input as HTMLInputElement;
    range.value = String(Number(range.max) - (n % 2));
    range.dispatchEvent(new Event('input', { bubbles: true }));
  }, i);
};

const hover = async (page: Page, i: number) => {
  await page
    .locator('.card .picture')
    .first()
    .evaluate((picture, n) => {
      const box = picture.getBoundingClientRect();
      const at = { clientX: box.left + box.width * (0.12 + 0.008 * n), clientY: box.top + box.height * 0.5 };
      picture.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, ...at }));
    }, i);
};

const INTERACTIONS: readonly Interaction[] = [
  { name: 'Axes, hover over the picture', hash: LARGEST, step: hover },
  { name: 'Axes, the cell’s channel', hash: LARGEST, step: slide('#control-cellChannel') },
  { name: 'Axes, the groups', hash: LARGEST, step: slide('#control-groups') },
  { name: 'Axes, one large: γ', hash: `${LARGEST}&view=one&norm=group`, step: slide('#control-gamma') },
  { name: 'Axes, one large: the cell', hash: `${LARGEST}&view=one&norm=batch`, step: slide('#control-cellRow') },
  { name: 'Coupling, the cell’s channel', hash: `${LARGEST}&scene=coupling`, step: slide('#control-cellChannel') },
  { name: 'Coupling, ε', hash: `${LARGEST}&scene=coupling`, step: slide('#control-epsilon') },
];

/** Prints the figures, and ends with 1 where one is over its limit. */
export async function run(): Promise<void> {
  const sizes = ['main.js', 'main.css', 'worker.js'].map((name) => {
    const file = path.resolve(FOLDER, name);
    return { name, bytes: statSync(file).size, zipped: gzipSync(readFileSync(file)).length };
  });
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes, zipped } of sizes) {
    console.log(`${name.padEnd(28)}${kilobytes(bytes)} (${kilobytes(zipped)} compressed)`);
  }
  judge('bundle', total / 1024, LIMITS.bundle / 1024, 'KB');
  // The bench is bundled, so what is required is found from the project's root.
  const require = createRequire(path.resolve('package.json'));
  const { findChromium, CHROMIUM_FLAGS } = require('./test/tools/chromium.js') as {
    findChromium(): string;
    CHROMIUM_FLAGS: string[];
  };
  const server = await servePlayground(path.resolve(FOLDER), 0);
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
  try {
    const first: number[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(server.address);
      first.push(await firstFrame(page));
      await context.close();
    }
    judge(`first meaningful frame, median of ${OPENINGS}`, median(first), LIMITS.firstFrame, 'ms');
    for (const interaction of INTERACTIONS) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(`${server.address}#${interaction.hash}`);
      await page.waitForSelector('.scene h2');
      const frames = await framesOf(page, interaction);
      judge(`${interaction.name}: median`, median(frames), LIMITS.median, 'ms');
      judge(`${interaction.name}: worst`, Math.max(...frames), LIMITS.worst, 'ms');
      await context.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** From the start of the navigation to the paint after which the first picture stands. */
async function firstFrame(page: Page): Promise<number> {
  await page.waitForSelector('.counts');
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const [mark] = performance.getEntriesByName('playground:first-frame');
        resolve(mark?.startTime ?? Number.POSITIVE_INFINITY);
      }),
  );
}

/** The work of each frame: script, style, layout and paint up to the next frame, without the wait for the screen. */
async function framesOf(page: Page, { step }: Interaction): Promise<readonly number[]> {
  const frames: number[] = [];
  for (let i = 0; i < 45; i++) {
    const frame = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              // In the frame after the change: its own script runs first, then this, then style, layout and paint.
              const start = (window as unknown as { frameStart?: number }).frameStart ?? performance.now();
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => resolve(performance.now() - start);
              port2.postMessage(null);
            });
          });
        }),
    );
    await page.evaluate(() => {
      // Runs before the page's own callback, which asks for its frame only when something has changed.
      requestAnimationFrame(() => {
        (window as unknown as { frameStart?: number }).frameStart = performance.now();
      });
    });
    await step(page, i);
    frames.push(await frame);
  }
  // The first few compile.
  return frames.slice(5);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0).padStart(6)} KB`;

function judge(name: string, value: number, limit: number, unit: string): void {
  const good = value <= limit;
  if (!good) process.exitCode = 1;
  console.log(`${good ? '✓' : '✗'} ${name.padEnd(48)}${value.toFixed(1).padStart(8)} ${unit} of ${limit}`);
}

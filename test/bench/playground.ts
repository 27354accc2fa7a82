/**
 * How fast the playground's page is: its size, its first meaningful frame, and the frames of an interaction. With
 * `--memory [MINUTES]` instead: whether its memory stays level over ten minutes of training.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { servePlayground } from '../../src/cli/playground';
import { buildAsShipped } from './bundles';
import { benchMemory } from './playground/memory';
import { median } from './targets';

const LIMITS = { bundle: 400 * 1024, firstFrame: 300, median: 16, worst: 50 };
const OPENINGS = 7;
/** The largest tensor that is drawn cell by cell: 8 × 16 × 16 × 16. */
const LARGEST = 'batch=8&channels=16&height=16&width=16&groups=4';

/** What is done to the page, some forty times. */
interface Interaction {
  readonly name: string;
  readonly hash: string;
  /** A slider to move to and fro; without one the pointer moves over the first picture. */
  readonly slider?: string;
}

const INTERACTIONS: readonly Interaction[] = [
  { name: 'Axes, hover over the picture', hash: LARGEST },
  { name: 'Axes, the cell’s channel', hash: LARGEST, slider: 'cellChannel' },
  { name: 'Axes, the groups', hash: LARGEST, slider: 'groups' },
  { name: 'Axes, one large: γ', hash: `${LARGEST}&view=one&norm=group`, slider: 'gamma' },
  { name: 'Axes, one large: the cell', hash: `${LARGEST}&view=one&norm=batch`, slider: 'cellRow' },
  { name: 'Coupling, the cell’s channel', hash: `${LARGEST}&scene=coupling`, slider: 'cellChannel' },
  { name: 'Coupling, ε', hash: `${LARGEST}&scene=coupling`, slider: 'epsilon' },
];

/** Prints the figures, and ends with 1 where one is over its limit. */
export async function run(given: readonly string[] = []): Promise<void> {
  const browserAt = findBrowser();
  const folder = await buildAsShipped(['webview', 'webviewWorker', 'digits']);
  if (given[0] === '--memory') {
    const minutes = Number(given[1] ?? 10);
    if (!(minutes > 0)) throw new Error(`--memory wants minutes, not ${given[1]}`);
    const server = await servePlayground(folder, 0);
    try {
      if (!(await benchMemory(browserAt, server.address, minutes))) process.exitCode = 1;
    } finally {
      await server.close();
    }
    return;
  }
  const sizes = ['main.js', 'main.css', 'worker.js'].map((name) => {
    const file = path.join(folder, name);
    return { name, bytes: statSync(file).size, zipped: gzipSync(readFileSync(file)).length };
  });
  // What the first frame waits for; the worker is read when a scene first needs it.
  const total = sizes.filter(({ name }) => name !== 'worker.js').reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes, zipped } of sizes) {
    console.log(`${name.padEnd(28)}${kilobytes(bytes)} (${kilobytes(zipped)} compressed)`);
  }
  judge('bundle: script and style', total / 1024, LIMITS.bundle / 1024, 'KB');
  const server = await servePlayground(folder, 0);
  const browser = await chromium.launch(browserAt);
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

function findBrowser(): { readonly executablePath: string; readonly args: string[] } {
  // The bench is bundled, so what is required is found from the project's root.
  const require = createRequire(path.resolve('package.json'));
  const { findChromium, CHROMIUM_FLAGS } = require('./test/tools/chromium.js') as {
    findChromium(): string;
    CHROMIUM_FLAGS: string[];
  };
  return { executablePath: findChromium(), args: CHROMIUM_FLAGS };
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

/** The work of each change: its event, and the frame after it with script, style, layout and paint; not the wait for it. */
function framesOf(page: Page, { slider }: Interaction): Promise<readonly number[]> {
  return page.evaluate(async (name) => {
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())));
    const afterPaint = () =>
      new Promise<number>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      });
    const slide = (i: number) => {
      const range = document.getElementById(`control-${name}`) as HTMLInputElement;
      range.value = String(Number(range.max) - (i % 2));
      range.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const hover = (i: number) => {
      const picture = document.querySelector('.card .picture');
      const box = picture?.getBoundingClientRect();
      if (!picture || !box) throw new Error('no picture');
      const at = { clientX: box.left + box.width * (0.1 + 0.008 * i), clientY: box.top + box.height * 0.55 };
      picture.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, ...at }));
    };
    const frames: number[] = [];
    for (let i = 0; i < 45; i++) {
      await nextFrame();
      const start = performance.now();
      (name === undefined ? hover : slide)(i);
      const handled = performance.now() - start;
      // The page has asked for the next frame; this callback comes after its own, what follows after the paint.
      const [begun, done] = await Promise.all([firstOfFrame(), nextFrame().then(afterPaint)]);
      frames.push(handled + done - begun);
    }
    return frames.slice(5);

    /** The time at which the frame began, before any callback of it. */
    function firstOfFrame(): Promise<number> {
      return new Promise((resolve) => requestAnimationFrame((time) => resolve(time)));
    }
  }, slider);
}

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0).padStart(6)} KB`;

function judge(name: string, value: number, limit: number, unit: string): void {
  const good = value <= limit;
  if (!good) process.exitCode = 1;
  console.log(`${good ? '✓' : '✗'} ${name.padEnd(48)}${value.toFixed(1).padStart(8)} ${unit} of ${limit}`);
}

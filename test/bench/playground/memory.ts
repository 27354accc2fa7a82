/** Whether memory stays level while the page trains: heaps of the page and of its worker, after a forced collection. */
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';

/** Long runs of several norms, with their plots drawn all the while: more than an hour of work. */
export const LONG_TRAINING =
  'scene=train&network=cnn&trainNorms=batch,group,layer&trainSizes=2&epochs=20&digits=8004&runs=10&networkWidth=16&depth=4';

export interface Sample {
  /** Seconds since training began. */
  readonly at: number;
  /** Bytes in use on the JavaScript heap, each after a collection. */
  readonly page: number;
  readonly worker: number;
  /** Bytes of array buffers and other memory outside that heap, of both. */
  readonly outside: number;
  readonly nodes: number;
  readonly listeners: number;
}

interface Usage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/**
 * Trains in a page, and measures it every so many seconds.
 * @param warmUp seconds before the first sample, until the first points, plots and compiled code are there
 */
export async function measureMemory(
  page: Page,
  { seconds, every, warmUp }: { readonly seconds: number; readonly every: number; readonly warmUp: number },
  told: (sample: Sample) => void = () => {},
): Promise<readonly Sample[]> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForFunction(() => (document.querySelector('progress')?.value ?? 0) > 0, undefined, {
    timeout: 60_000,
  });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const worker = await workerOf(session);
  await page.waitForTimeout(1000 * warmUp);
  const start = performance.now();
  const samples: Sample[] = [];
  while (true) {
    const at = (performance.now() - start) / 1000;
    const own = await least(page, session.send.bind(session));
    const its = await least(page, worker);
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    const sample = {
      at,
      page: own.usedSize,
      worker: its.usedSize,
      outside: (own.backingStorageSize ?? 0) + (its.backingStorageSize ?? 0),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
    };
    samples.push(sample);
    told(sample);
    if (at >= seconds) return samples;
    await page.waitForTimeout(Math.max(0, 1000 * Math.min(every, seconds - at)));
  }
}

const MOMENTS = 4;

type Send = (method: 'HeapProfiler.collectGarbage' | 'Runtime.getHeapUsage') => Promise<unknown>;

async function usage(send: Send): Promise<Usage> {
  await send('HeapProfiler.collectGarbage');
  return (await send('Runtime.getHeapUsage')) as Usage;
}

/** The least of a few moments: a checkpoint on its way, or a text that is being kept, is there for one of them. */
async function least(page: Page, send: Send): Promise<Usage> {
  const found: Usage[] = [];
  for (let i = 0; i < MOMENTS; i++) {
    if (i > 0) await page.waitForTimeout(400);
    found.push(await usage(send));
  }
  return {
    usedSize: Math.min(...found.map(({ usedSize }) => usedSize)),
    backingStorageSize: Math.min(...found.map(({ backingStorageSize = 0 }) => backingStorageSize)),
  };
}

/** The worker is a target of its own, reached through the page's session. */
async function workerOf(session: CDPSession): Promise<Send> {
  const found = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId);
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await found;
  const waiting = new Map<number, (result: unknown) => void>();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
    if (id === undefined) return;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let next = 1;
  return (method) => {
    const id = next++;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    const message = JSON.stringify({ id, method });
    return session.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answer);
  };
}

/** Bytes a minute: the slope of the least-squares line. */
export function slopeOf(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [at, level] = [mean((one) => one.at), mean(value)];
  const above = mean((one) => (one.at - at) * (value(one) - level));
  return (60 * above) / mean((one) => (one.at - at) ** 2);
}

/** What a minute may add, in bytes: a finished run's curves, not a buffer or a listener a step. */
export const MOST_A_MINUTE = 150_000;

/** `npm run bench -- playground --memory [MINUTES]`: prints the samples and their slopes; true where all are level. */
export async function benchMemory(
  browserAt: { readonly executablePath: string; readonly args: string[] },
  address: string,
  minutes: number,
): Promise<boolean> {
  const browser: Browser = await chromium.launch(browserAt);
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(`${address}#${LONG_TRAINING}`);
    await page.waitForSelector('#train-status');
    console.log(
      `${'minute'.padEnd(8)}${'page'.padStart(12)}${'worker'.padStart(12)}${'outside'.padStart(12)}   nodes  listeners`,
    );
    const samples = await measureMemory(page, { seconds: 60 * minutes, every: 30, warmUp: 30 }, (sample) => {
      const { at, page: own, worker, outside, nodes, listeners } = sample;
      const bytes = [own, worker, outside].map((value) => `${(value / 1e6).toFixed(3)} MB`.padStart(12)).join('');
      console.log(
        `${(at / 60).toFixed(1).padEnd(8)}${bytes}${String(nodes).padStart(8)}${String(listeners).padStart(11)}`,
      );
    });
    const rows: readonly (readonly [string, (sample: Sample) => number])[] = [
      ['heap of the page', (sample) => sample.page],
      ['heap of the worker', (sample) => sample.worker],
      ['outside the heaps', (sample) => sample.outside],
    ];
    return rows
      .map(([name, value]) => {
        const [first, last] = [samples[0], samples.at(-1)].map((sample) => (sample === undefined ? 0 : value(sample)));
        const slope = slopeOf(samples, value);
        const good = slope <= MOST_A_MINUTE;
        console.log(
          `${good ? '✓' : '✗'} ${name.padEnd(20)} first ${kilobytes(first)}, last ${kilobytes(last)}, ${kilobytes(slope)} a minute of at most ${kilobytes(MOST_A_MINUTE)}`,
        );
        return good;
      })
      .every((good) => good);
  } finally {
    await browser.close();
  }
}

const kilobytes = (bytes = 0): string => `${(bytes / 1000).toFixed(1)} KB`;

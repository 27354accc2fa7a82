import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Mocha from 'mocha';

/** What the host's tests leave behind for whoever started the editor. */
export interface HostResults {
  readonly files: readonly string[];
  readonly passed: readonly { readonly title: string; readonly milliseconds: number }[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
}

/** The editor calls this in its extension host: runs every suite, and writes the results to NORMLENS_TEST_RESULTS. */
export async function run(): Promise<void> {
  const folder = join(__dirname, 'suite');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.js'));
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false });
  for (const file of files) mocha.addFile(join(folder, file));
  const passed: { title: string; milliseconds: number }[] = [];
  const failed: { title: string; error: string }[] = [];
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => passed.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0 }))
      .on('fail', (test, error: Error) =>
        failed.push({ title: test.fullTitle(), error: error.stack ?? error.message }),
      );
  });
  const results: HostResults = { files, passed, failed };
  const path = process.env.NORMLENS_TEST_RESULTS;
  if (path === undefined) throw new Error('NORMLENS_TEST_RESULTS does not say where the results go');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(results));
  if (failed.length > 0) throw new Error(`${failed.length} tests failed`);
}

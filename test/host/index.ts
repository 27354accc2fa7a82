import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Mocha from 'mocha';

/** What the host's tests tell, one JSON a line, to whoever started the editor. `end` comes last. */
export type HostEvent =
  | { readonly kind: 'begin'; readonly title: string }
  | { readonly kind: 'pass'; readonly title: string; readonly milliseconds: number }
  | { readonly kind: 'fail'; readonly title: string; readonly error: string }
  | { readonly kind: 'end'; readonly files: readonly string[] };

/** The editor calls this in its extension host: runs every suite, and tells what happens in NORMLENS_TEST_RESULTS. */
export async function run(): Promise<void> {
  const results = process.env.NORMLENS_TEST_RESULTS;
  if (results === undefined) throw new Error('NORMLENS_TEST_RESULTS does not say where the results go');
  mkdirSync(dirname(results), { recursive: true });
  const tell = (event: HostEvent) => appendFileSync(results, `${JSON.stringify(event)}\n`);

  const folder = join(__dirname, 'suite');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.js'));
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: false });
  for (const file of files) mocha.addFile(join(folder, file));
  let failures = 0;
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('test', (test) => tell({ kind: 'begin', title: test.fullTitle() }))
      .on('pass', (test) => tell({ kind: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 }))
      .on('fail', (test, error: Error) => {
        failures += 1;
        tell({ kind: 'fail', title: test.fullTitle(), error: error.stack ?? error.message });
      });
  });
  tell({ kind: 'end', files });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

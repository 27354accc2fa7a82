// `npm run bench -- NAME [ARGUMENTS]`: runs test/bench/NAME.ts.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from '../tools/runTypeScript.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME [ARGUMENTS], with NAME one of ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  await runTypeScript(path.join(folder, `${name}.ts`), rest);
}

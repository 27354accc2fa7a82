// Fetches the packages of packages.json from the npm registry and unpacks them into .cache/corpus/NAME@VERSION. What is
// there already is kept. Where a package ships source maps with the sources in them, those are written out as well, into
// a folder `__sources`: bundles are minified, sources are what people wrote.
//   node test/corpus/fetch.mjs [NAME…]
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '..', '..', '.cache', 'corpus');
const packages = JSON.parse(readFileSync(join(here, 'packages.json'), 'utf8'));
const wanted = process.argv.slice(2);

for (const [name, version] of Object.entries(packages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = join(cache, `${name.replace('/', '__')}@${version}`);
  if (existsSync(folder)) continue;
  const scratch = mkdtempSync(join(tmpdir(), 'corpus-'));
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['pack', '--silent', `${name}@${version}`], {
      cwd: scratch,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [archive] = readdirSync(scratch).filter((file) => file.endsWith('.tgz'));
    const unpacked = join(scratch, 'unpacked');
    mkdirSync(unpacked);
    execFileSync('tar', ['-xzf', join(scratch, archive), '-C', unpacked, '--strip-components=1']);
    const sources = extractSources(unpacked);
    mkdirSync(dirname(folder), { recursive: true });
    renameOrCopy(unpacked, folder);
    console.log(`${name}@${version}${sources > 0 ? `, ${sources} sources from its maps` : ''}`);
  } catch (error) {
    console.error(
      `${name}@${version}: could not be fetched: ${
        String(error.stderr ?? error.message)
          .trim()
          .split('\n')[0]
      }`,
    );
    process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function renameOrCopy(from, to) {
  try {
    renameSync(from, to);
  } catch {
    execFileSync('cp', ['-r', from, to]); // another file system
  }
}

/** Writes the package's own sources that its maps hold; those of its dependencies are left out. */
function extractSources(root) {
  const written = new Set();
  for (const path of readdirSync(root, { recursive: true }).filter((file) => /\.(js|mjs|cjs)\.map$/.test(file))) {
    let map;
    try {
      map = JSON.parse(readFileSync(join(root, path), 'utf8'));
    } catch {
      continue;
    }
    map.sources?.forEach((source, i) => {
      const text = map.sourcesContent?.[i];
      const clean = posix.normalize(source.replace(/^\w+:\/+/, '')).replace(/^(\.\.\/)+/, '');
      if (typeof text !== 'string' || /node_modules|webpack\/|^\(/.test(clean) || !/\.(ts|tsx|js|jsx|mjs)$/.test(clean))
        return;
      if (written.has(clean)) return;
      written.add(clean);
      const target = join(root, '__sources', clean);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    });
  }
  addDeclared(root, written);
  return written.size;
}

/**
 * A map holds no file without code: types, and barrels that only pass on. What the sources import and the map lacks is taken
 * from the package's declarations, which say the same.
 */
function addDeclared(root, written) {
  const declared = readdirSync(root, { recursive: true })
    .filter((file) => file.endsWith('.d.ts') && !file.startsWith('__sources'))
    .map((file) => file.split(/[\\/]/).join('/'));
  for (const file of written) {
    const text = readFileSync(join(root, '__sources', file), 'utf8');
    for (const [, specifier] of text.matchAll(/\bfrom\s+['"](\.[^'"]*)['"]/g)) {
      const wanted = posix.join(posix.dirname(file), specifier);
      if (['', '.ts', '.tsx', '.js', '/index.ts', '/index.js'].some((end) => written.has(wanted + end))) continue;
      const inSource = wanted.replace(/^(?:.*\/)?src\//, '');
      for (const end of ['.d.ts', '/index.d.ts']) {
        const found = declared.find((path) => `/${path}`.endsWith(`/${inSource}${end}`));
        if (found === undefined) continue;
        const target = wanted + end.replace('.d.ts', '.ts');
        mkdirSync(dirname(join(root, '__sources', target)), { recursive: true });
        writeFileSync(join(root, '__sources', target), readFileSync(join(root, found)));
        written.add(target); // the loop goes on with it
        break;
      }
    }
  }
}

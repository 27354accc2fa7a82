// Packs the extension: `node test/tools/package.js` → dist/normlens.vsix, minified, with nothing in it that is not used.
const fs = require('node:fs');
const path = require('node:path');
const { root, run, ensureDependencies } = require('./setup.js');

const vsix = path.join(root, 'dist', 'normlens.vsix');
const MEGABYTE = 1 << 20;

/** What may be no larger: bundle or package → bytes. */
const LIMITS = { 'dist/extension.js': 50 * 1024, 'dist/normlens.vsix': 4 * MEGABYTE };

let packed = false;

/** Builds and packs, once a process. Throws where a step fails or a file is larger than its limit. */
function packageExtension() {
  if (packed) return vsix;
  ensureDependencies();
  run(process.execPath, ['esbuild.js', '--production']);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  run(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', vsix], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const [file, limit] of Object.entries(LIMITS)) {
    const { size } = fs.statSync(path.join(root, file));
    console.log(`${file.padEnd(20)} ${(size / 1024).toFixed(0).padStart(6)} KB of ${limit / 1024} KB`);
    if (size > limit) throw new Error(`${file} is larger than ${limit / 1024} KB`);
  }
  packed = true;
  return vsix;
}

module.exports = { packageExtension, vsix };

if (require.main === module) packageExtension();

// Runs one folder of tests with vitest, and counts what it did.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { root, cleanEnvironment } = require('./setup.js');

/**
 * Every *.test.ts below test/FOLDER must have run: a file that vitest did not see counts as a failure.
 * @returns {{passed: number, failed: number}}
 */
function runVitest(folder, { config = 'test/vitest.config.ts', env = {} } = {}) {
  const { globSync } = require('tinyglobby');
  const files = globSync(`test/${folder}/**/*.test.ts`, { cwd: root });
  if (files.length === 0) {
    console.log(`no tests in test/${folder}`);
    return { passed: 0, failed: 0 };
  }
  const report = path.join(root, 'test', 'output', `${folder}.json`);
  fs.mkdirSync(path.dirname(report), { recursive: true });
  fs.rmSync(report, { force: true });
  const args = ['run', '--config', config, `test/${folder}/`, '--reporter=default', '--reporter=json'];
  spawnSync(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), ...args, `--outputFile=${report}`], {
    cwd: root,
    stdio: 'inherit',
    // The configuration is loaded by Vite's own bundler, of which it warns.
    env: cleanEnvironment({ VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', ...env }),
  });
  if (!fs.existsSync(report)) throw new Error(`vitest ended without a report; run \`npx vitest ${args.join(' ')}\``);
  const { numPassedTests, numFailedTests, testResults, success } = JSON.parse(fs.readFileSync(report, 'utf8'));
  // A file that could not be loaded has no tests to fail.
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const unseen = files.length - testResults.length;
  if (unseen !== 0) console.error(`vitest ran ${testResults.length} files of the ${files.length} in test/${folder}`);
  const failed = numFailedTests + broken + Math.abs(unseen);
  return { passed: numPassedTests, failed: success ? failed : Math.max(1, failed) };
}

module.exports = { runVitest };

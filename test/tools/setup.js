// What every script needs before anything of npm's is there: the locked dependencies, and child processes that see a
// clean npm environment. Plain CommonJS without dependencies, since it runs on a fresh clone.
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const root = path.resolve(__dirname, '../..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** What `npm run` exports about this project and its own run: it would steer an npm that works in another folder. */
const OWN_TO_A_RUN =
  /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(ignore_scripts|.*prefix|user_agent|noproxy$))/i;

/** The environment without what the surrounding `npm run` has put into it. */
function cleanEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !OWN_TO_A_RUN.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a program to its end, its output passed through. Throws with the command line where it fails. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: cleanEnvironment(), ...options });
  if (result.error) throw new Error(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    const end = result.signal ? `was ended by ${result.signal}` : `ended with ${result.status}`;
    throw new Error(`\`${[command, ...args].join(' ')}\` ${end}${result.stderr ? `:\n${result.stderr}` : ''}`);
  }
  return result;
}

/** Installs what package-lock.json names, when node_modules is missing or older than the lock file. */
function ensureDependencies() {
  const stamp = path.join(root, 'node_modules', '.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  console.log('normlens: installing dependencies (npm ci)…');
  run(npm, ['ci', '--ignore-scripts']);
}

module.exports = { root, npm, run, cleanEnvironment, ensureDependencies };

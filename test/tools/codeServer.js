// A real VS Code without a download from Microsoft: code-server from the npm registry, in a cache that git ignores.
// `installCodeServer()` once (about a minute), then `startCodeServer(…)` as often as wanted.
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { root, npm, run, cleanEnvironment } = require('./setup.js');

const VERSION = '4.139.1';
/** code-server wants Node 24, and this package carries it. */
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const NODE_VERSION = '24';

const cache = path.join(root, '.vscode-test', `code-server-${VERSION}`);
const modules = path.join(cache, 'node_modules');
const vscode = path.join(modules, 'code-server', 'lib', 'vscode');
const nodeFolder = path.join(modules, NODE_PACKAGE);
const nodeBinary = path.join(nodeFolder, 'bin', 'node');
const entry = path.join(modules, 'code-server', 'out', 'node', 'entry.js');
/** Written last, so that an installation that was cut off is done again. */
const stamp = path.join(cache, '.complete');

const environment = (extra = {}) =>
  cleanEnvironment({ PATH: `${path.dirname(nodeBinary)}${path.delimiter}${process.env.PATH}`, ...extra });

/** Installs code-server into the cache, unless it is there. Throws with the failing command. */
function installCodeServer() {
  if (fs.existsSync(stamp)) return;
  if (process.platform === 'win32') throw new Error('code-server has no Windows build: use `npm run test:electron`');
  console.log(`normlens: installing code-server ${VERSION} into ${path.relative(root, cache)} (once, about a minute)…`);
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(path.join(cache, 'package.json'), '{ "private": true }\n');
  const quiet = { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  run(npm, [...install, `code-server@${VERSION}`, `${NODE_PACKAGE}@${NODE_VERSION}`], {
    ...quiet,
    cwd: cache,
    env: cleanEnvironment(),
  });
  for (const cwd of [vscode, path.join(vscode, 'extensions')]) {
    run(npm, [...install, '--omit=dev'], { ...quiet, cwd, env: environment() });
  }
  // The extension host needs these two; nothing else that is native is used.
  run(npm, ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog'], {
    ...quiet,
    cwd: vscode,
    env: environment({ npm_config_nodedir: nodeFolder }),
  });
  fs.writeFileSync(stamp, `${VERSION}\n`);
}

/** Settings that calm the window, so that a test and a picture see the editor alone. */
const CALM_SETTINGS = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'workbench.tips.enabled': false,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'files.autoSave': 'off',
  'git.enabled': false,
};

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Installs a packed extension for a later start with the same folders. */
function installExtension(vsix, { userDataDir, extensionsDir }) {
  fs.mkdirSync(userDataDir, { recursive: true });
  const config = path.join(userDataDir, 'config.yaml');
  const folders = ['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir, '--config', config];
  const args = [entry, ...folders, '--install-extension', vsix];
  const result = spawnSync(nodeBinary, args, { env: environment(), encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${vsix} could not be installed:\n${result.stdout}\n${result.stderr}`);
}

/**
 * Starts an editor and waits until it answers.
 * @param {{folder: string, userDataDir: string, extensionsDir: string, settings?: object, testDriver?: boolean}} options
 * @returns {Promise<{port: number, origin: string, log: () => string, stop: () => Promise<void>}>}
 */
async function startCodeServer({
  folder,
  userDataDir,
  extensionsDir,
  settings = {},
  testDriver = false,
  port,
  env = {},
}) {
  port ??= await freePort();
  const userFolder = path.join(userDataDir, 'User');
  fs.mkdirSync(userFolder, { recursive: true });
  fs.mkdirSync(extensionsDir, { recursive: true });
  fs.writeFileSync(path.join(userFolder, 'settings.json'), JSON.stringify({ ...CALM_SETTINGS, ...settings }, null, 2));
  const args = [
    ...[entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir],
    ...['--config', path.join(userDataDir, 'config.yaml')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
    '--disable-getting-started-override',
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    folder,
  ];
  // A group of its own: stop() ends the server with all the processes it started, and nothing else.
  const child = spawn(nodeBinary, args, { env: environment(env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Whoever ends this process ends the server with it.
  const abandon = () => signalGroup(child.pid, 'SIGKILL');
  const interrupt = (signal) => {
    abandon();
    process.exit(128 + os.constants.signals[signal]);
  };
  process.once('exit', abandon);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, interrupt);
  const stop = async () => {
    process.off('exit', abandon);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
    signalGroup(child.pid, 'SIGTERM');
    const late = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 3_000);
    await ended;
    clearTimeout(late);
    signalGroup(child.pid, 'SIGKILL');
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined);
    if (answer?.ok) return { port, origin, log: () => log, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`code-server did not start on port ${port}:\n${log}`);
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

module.exports = { installCodeServer, installExtension, startCodeServer, freePort };

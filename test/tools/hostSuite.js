// Runs test/host in the extension host of a real VS Code (code-server) with the packed extension installed.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('./setup.js');
const { findChromium, CHROMIUM_FLAGS } = require('./chromium.js');
const { installCodeServer, installExtension, startCodeServer } = require('./codeServer.js');
const { packageExtension, vsix } = require('./package.js');

const LONGEST = 5 * 60_000;

/** A folder that is removed by `remove()`, with a copy of the test workspace and an editor's own folders. */
function createProfile() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'normlens-host-'));
  const workspace = path.join(folder, 'workspace');
  fs.cpSync(path.join(root, 'test', 'fixtures', 'workspace'), workspace, { recursive: true });
  return {
    workspace,
    userDataDir: path.join(folder, 'user-data'),
    extensionsDir: path.join(folder, 'extensions'),
    results: path.join(folder, 'results.json'),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns {Promise<{passed: number, failed: number}>} */
async function runHostSuite() {
  const { chromium } = require('playwright-core');
  const executablePath = findChromium();
  installCodeServer();
  packageExtension();
  const profile = createProfile();
  const { workspace, userDataDir, extensionsDir, results } = profile;
  installExtension(vsix, { userDataDir, extensionsDir });
  const server = await startCodeServer({
    folder: workspace,
    userDataDir,
    extensionsDir,
    testDriver: true,
    env: { NORMLENS_TEST_RESULTS: results },
  });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(testUrl(server, workspace));
    await waitFor(() => fs.existsSync(results), LONGEST);
    return report(JSON.parse(await readWhole(results)));
  } catch (error) {
    throw new Error(`${error.message}\n${server.log()}`);
  } finally {
    await browser.close();
    await server.stop();
    profile.remove();
  }
}

/** The address at which the workbench runs the tests in its extension host. */
function testUrl({ origin, port }, workspace) {
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${path.join(root, file)}`;
  const payload = [
    ['extensionDevelopmentPath', remote('test/host/extension')],
    ['extensionTestsPath', remote('dist/test/host/index.js')],
  ];
  return `${origin}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** Prints each test, checks that every file ran, and counts. */
function report({ files, passed, failed }) {
  const { globSync } = require('tinyglobby');
  const expected = globSync('test/host/suite/*.test.ts', { cwd: root }).length;
  for (const { title, milliseconds } of passed) console.log(`  ✓ ${title} (${milliseconds} ms)`);
  for (const { title, error } of failed) console.error(`  ✗ ${title}\n${error.replace(/^/gm, '      ')}`);
  const unseen = Math.abs(expected - files.length);
  if (unseen > 0) console.error(`${files.length} files ran of the ${expected} in test/host/suite`);
  return { passed: passed.length, failed: failed.length + unseen };
}

async function waitFor(condition, milliseconds) {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`the editor gave no results within ${milliseconds / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The file appears before it is whole. */
async function readWhole(file) {
  for (;;) {
    const text = fs.readFileSync(file, 'utf8');
    if (text.endsWith('}')) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

module.exports = { runHostSuite, createProfile, report };

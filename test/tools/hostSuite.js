// Runs test/host in the extension host of a real VS Code (code-server) with the packed extension installed.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('./setup.js');
const { findChromium, CHROMIUM_FLAGS } = require('./chromium.js');
const { installCodeServer, installExtension, startCodeServer } = require('./codeServer.js');
const { HostResults } = require('./hostResults.js');
const { packageExtension } = require('./package.js');

const LONGEST = 5 * 60_000;
const PICTURES = path.join(root, 'test', 'output', 'pictures');

/** A folder that is removed by `remove()`, with a copy of the test workspace and an editor's own folders. */
function createProfile() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'normlens-host-'));
  const workspace = path.join(folder, 'workspace');
  fs.cpSync(path.join(root, 'test', 'fixtures', 'workspace'), workspace, { recursive: true });
  return {
    workspace,
    userDataDir: path.join(folder, 'user-data'),
    extensionsDir: path.join(folder, 'extensions'),
    results: path.join(folder, 'results.jsonl'),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns {Promise<{passed: number, failed: number}>} */
async function runHostSuite() {
  const { chromium } = require('playwright-core');
  const executablePath = findChromium();
  installCodeServer();
  const vsix = packageExtension();
  const profile = createProfile();
  const { workspace, userDataDir, extensionsDir } = profile;
  installExtension(vsix, { userDataDir, extensionsDir });
  const server = await startCodeServer({
    folder: workspace,
    userDataDir,
    extensionsDir,
    testDriver: true,
    env: { NORMLENS_TEST_RESULTS: profile.results },
  });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(testUrl(server, workspace));
    const results = new HostResults(profile.results);
    await follow(results);
    if (!results.ended) {
      fs.mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: path.join(PICTURES, 'hostSuite.png') });
      console.error(`The tests did not end within ${LONGEST / 1000} s; the last to begin: ${results.running}`);
      console.error(`${server.log()}\nSee ${path.relative(root, PICTURES)}/hostSuite.png`);
    }
    return results.counts();
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

/** Until the tests have ended, or time is up. */
async function follow(results) {
  const deadline = Date.now() + LONGEST;
  while (!results.ended && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    results.take();
  }
}

module.exports = { runHostSuite, createProfile };

// `npm run test:electron`: the suite of test/host in a VS Code that @vscode/test-electron downloads, for those who can
// reach Microsoft's update server. On a Linux without a screen run it under `xvfb-run -a`.
const fs = require('node:fs');
const path = require('node:path');
const { root, run, ensureDependencies } = require('../tools/setup.js');

async function main() {
  ensureDependencies();
  const { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } = require('@vscode/test-electron');
  const { packageExtension } = require('../tools/package.js');
  const { HostResults } = require('../tools/hostResults.js');
  const { createProfile } = require('../tools/hostSuite.js');
  const vsix = packageExtension();
  const profile = createProfile();
  try {
    const vscodeExecutablePath = await downloadAndUnzipVSCode('stable');
    const folders = ['--user-data-dir', profile.userDataDir, '--extensions-dir', profile.extensionsDir];
    const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(vscodeExecutablePath, { reuseMachineInstall: true });
    run(cli, [...args, ...folders, '--install-extension', vsix], { shell: process.platform === 'win32' });
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: path.join(root, 'test', 'host', 'extension'),
      extensionTestsPath: path.join(root, 'dist', 'test', 'host', 'index.js'),
      extensionTestsEnv: { NORMLENS_TEST_RESULTS: profile.results },
      launchArgs: [profile.workspace, ...folders, '--disable-workspace-trust', '--disable-updates', '--skip-welcome'],
      // A failed test makes the editor end with an error; the results say which.
    }).catch((error) => {
      if (!fs.existsSync(profile.results)) throw error;
    });
    const results = new HostResults(profile.results);
    results.take();
    const { passed, failed } = results.counts();
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    profile.remove();
  }
}

main().catch((error) => {
  console.error(`The suite could not run: ${error.message}`);
  process.exitCode = 1;
});

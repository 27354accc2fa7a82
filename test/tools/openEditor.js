// `npm run vscode`: the editor in a browser, on examples/, with the packed extension installed. Ctrl+C ends it.
const path = require('node:path');
const { root } = require('./setup.js');
const { installCodeServer, installExtension, startCodeServer } = require('./codeServer.js');
const { packageExtension } = require('./package.js');

async function main() {
  const vsix = packageExtension();
  installCodeServer();
  const folders = {
    userDataDir: path.join(root, '.vscode-test', 'look', 'user-data'),
    extensionsDir: path.join(root, '.vscode-test', 'look', 'extensions'),
  };
  installExtension(vsix, folders);
  const folder = path.join(root, 'examples');
  const server = await startCodeServer({ ...folders, folder });
  console.log(`\nOpen ${server.origin}/?folder=${encodeURIComponent(folder)}\nCtrl+C ends it.`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// The browser that the tests drive: the machine's own, or Debian's package where we may install it.
const fs = require('node:fs');
const path = require('node:path');
const { run, cleanEnvironment } = require('./setup.js');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** What keeps a headless browser quiet on a machine without a screen or a network. */
const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** The path of a Chromium. Throws with what to do where there is none. */
function findChromium() {
  const found = lookUp();
  if (found !== undefined) return found;
  const isRoot = process.getuid?.() === 0;
  if (process.platform === 'linux' && isRoot && fs.existsSync('/usr/bin/apt-get')) {
    console.log('normlens: installing chromium (apt-get)…');
    const options = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: cleanEnvironment({ DEBIAN_FRONTEND: 'noninteractive' }),
    };
    run('apt-get', ['update'], options);
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
    const installed = lookUp();
    if (installed !== undefined) return installed;
  }
  throw new Error('no Chromium was found: install `chromium`, or set CHROMIUM to the path of one');
}

function lookUp() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

module.exports = { findChromium, CHROMIUM_FLAGS };

// Runs test/e2e: Playwright drives Chromium, in the editor with the packed extension, and on pages of our own.
const { findChromium } = require('./chromium.js');
const { installCodeServer } = require('./codeServer.js');
const { packageExtension } = require('./package.js');
const { runVitest } = require('./vitest.js');

/** @returns {{passed: number, failed: number}} */
function runEndToEnd() {
  const chromium = findChromium();
  installCodeServer();
  packageExtension();
  return runVitest('e2e', { config: 'test/e2e/vitest.config.ts', env: { CHROMIUM: chromium } });
}

module.exports = { runEndToEnd };

// Reads what the tests in the extension host tell (see test/host/index.ts), prints it as it comes, and counts.
const fs = require('node:fs');
const { root } = require('./setup.js');

/** Follows a file of events to its end. */
class HostResults {
  constructor(file) {
    this.file = file;
    this.read = 0;
    this.running = undefined;
    this.files = undefined;
    this.passed = 0;
    this.failed = 0;
  }

  get ended() {
    return this.files !== undefined;
  }

  /** Takes in what was told since the last time. */
  take() {
    if (!fs.existsSync(this.file)) return;
    const lines = fs.readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(this.read)) this.#event(JSON.parse(line));
    this.read = lines.length;
  }

  /** What came in all: every suite file that did not run is a failure. */
  counts() {
    const { globSync } = require('tinyglobby');
    const expected = globSync('test/host/suite/*.test.ts', { cwd: root }).length;
    const unseen = Math.abs(expected - (this.files ?? []).length);
    if (this.ended && unseen > 0) console.error(`${this.files.length} files ran of the ${expected} in test/host/suite`);
    return { passed: this.passed, failed: this.failed + (this.ended ? unseen : 1) };
  }

  #event({ kind, title, milliseconds, error, files }) {
    if (kind === 'begin') this.running = title;
    if (kind === 'pass') {
      this.passed += 1;
      console.log(`  ✓ ${title} (${milliseconds} ms)`);
    }
    if (kind === 'fail') {
      this.failed += 1;
      console.error(`  ✗ ${title}\n${error.replace(/^/gm, '      ')}`);
    }
    if (kind === 'end') this.files = files;
  }
}

module.exports = { HostResults };

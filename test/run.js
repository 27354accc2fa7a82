// Runs every suite with all its own set-up. `node test/run.js [SUITE…]`: build, types, lint, unit, differential, fuzz,
// host, e2e; all of them without a word. Each prints its own output; the last line sums up: `N passed, N failed`.
// A suite that could not run counts as one failure, and says what to do.
const { ensureDependencies } = require('./tools/setup.js');

/** @typedef {{passed: number, failed: number}} Counts */

/** In the order in which they run: what is quick to fail comes first. */
const suites = {
  build: () => require('./tools/steps.js').build(),
  types: () => require('./tools/steps.js').types(),
  lint: () => require('./tools/steps.js').lint(),
  unit: () => require('./tools/vitest.js').runVitest('unit'),
  differential: () => require('./tools/vitest.js').runVitest('differential'),
  fuzz: () => require('./tools/vitest.js').runVitest('fuzz'),
  host: () => require('./tools/hostSuite.js').runHostSuite(),
  e2e: () => require('./tools/endToEnd.js').runEndToEnd(),
};

async function main() {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    console.error(`no such suite: ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const total = { passed: 0, failed: 0 };
  try {
    ensureDependencies();
  } catch (error) {
    console.error(`The dependencies could not be installed: ${error.message}`);
    total.failed += 1;
  }
  const chosen = Object.keys(suites).filter((name) => named.length === 0 || named.includes(name));
  const rows = [];
  for (const name of total.failed > 0 ? [] : chosen) {
    console.log(`\n━━━ ${name}`);
    const start = performance.now();
    const counts = await count(name);
    total.passed += counts.passed;
    total.failed += counts.failed;
    rows.push({ name, ...counts, seconds: (performance.now() - start) / 1000 });
  }
  console.log('');
  for (const { name, passed, failed, seconds } of rows) {
    console.log(
      `${failed > 0 ? '✗' : '✓'} ${name.padEnd(13)}${String(passed).padStart(6)} passed${String(failed).padStart(5)} failed${seconds.toFixed(1).padStart(8)} s`,
    );
  }
  process.exitCode = total.failed > 0 ? 1 : 0;
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
}

/** @returns {Promise<Counts>} */
async function count(name) {
  try {
    return await suites[name]();
  } catch (error) {
    console.error(`The suite could not run: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

main();

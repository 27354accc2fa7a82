// Steps that pass or fail as one: the build, the types, the lint.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { root, cleanEnvironment } = require('./setup.js');

/** Runs a program that a dependency brings; its output is passed through. */
function step(program, args) {
  const result = spawnSync(process.execPath, [path.join(root, program), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: cleanEnvironment(),
  });
  const passed = result.status === 0;
  console.log(passed ? 'passed' : `failed: node ${[program, ...args].join(' ')}`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

module.exports = {
  build: () => step('esbuild.js', ['--production']),
  types: () => step('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json']),
  lint: () => step('node_modules/@biomejs/biome/bin/biome', ['check', '.']),
};

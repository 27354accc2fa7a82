// Compiles the AssemblyScript kernels and hands each wasm to esbuild and vite as text, under a name of its own.
// A compiled module is kept in .cache/, named by a hash of its sources and of the compiler, so that a build without
// changes in its folder does not start the compiler. Nothing binary lives in git.
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const zopfli = require('@gfx/zopfli');
const { makeSpacious } = require('./spacious.js');

/** Import name → the folder whose index.ts is compiled: the norms' kernels, and the trainer's. */
const modules = {
  'normlens:kernels': path.join(__dirname, 'assembly'),
  'normlens:matrix': path.join(__dirname, '..', 'nn', 'kernels', 'assembly'),
};
const cache = path.join(__dirname, '..', '..', '.cache', 'kernels');

const flags = [
  ...['--runtime', 'stub', '--enable', 'simd', '--enable', 'relaxed-simd'],
  ...['--importMemory', '--noAssert', '--converge'],
  // Shrinking spares copies of functions, which cost a bundle more than their calls cost time.
  ...['--optimizeLevel', '3', '--shrinkLevel', '1', '--noExportMemory', '--use', 'abort='],
];

function sourceFiles(folder) {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => path.join(folder, file));
}

function hashOf(files) {
  const hash = crypto.createHash('sha256').update(flags.join(' '));
  hash.update(require('assemblyscript/package.json').version);
  for (const file of [...files, require.resolve('./spacious.js')])
    hash.update(path.basename(file)).update(fs.readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

async function compile(folder, entry) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  let text = '';
  const { error, stderr } = await asc.main([entry, '--outFile', 'out.wasm', '--textFile', 'out.wat', ...flags], {
    readFile: (name, base) => {
      const file = path.join(base && base !== '.' ? path.resolve(folder, base) : folder, name);
      return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
      else text = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  return makeSpacious(Buffer.from(binary), text.split('f32x4.relaxed_madd').length - 1);
}

const pending = new Map();

/** A module as wasm bytes, from the cache where its sources have not changed. */
function kernels(id = 'normlens:kernels') {
  const hash = hashOf(sourceFiles(modules[id]));
  if (pending.get(id)?.hash !== hash) pending.set(id, { hash, wasm: load(id, path.join(cache, `${hash}.wasm`)) });
  return pending.get(id).wasm;
}

async function load(id, file) {
  if (fs.existsSync(file)) return fs.readFileSync(file);
  const binary = await compile(modules[id], 'index.ts');
  fs.mkdirSync(cache, { recursive: true });
  // Written under a name of its own and renamed, so that two builds at once never read half a file.
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, binary);
  fs.renameSync(partial, file);
  return binary;
}

/** As small as deflated data can be. */
const deflate = promisify(zopfli.deflate);
const deflated = new WeakMap();

/** Several bundles hold the same module. */
async function deflatedOnce(wasm) {
  if (!deflated.has(wasm)) deflated.set(wasm, deflate(wasm, { numiterations: 15 }));
  return Buffer.from(await deflated.get(wasm));
}

/**
 * The norms' kernels are deflated, which halves them in the bundle, and written with 91 characters, which takes less than
 * base64; runtime/kernels/inflate.ts and base91.ts undo that.
 */
async function moduleText(id) {
  const wasm = await kernels(id);
  const text = id === 'normlens:kernels' ? base91(await deflatedOnce(wasm)) : wasm.toString('base64');
  return `export default ${JSON.stringify(text)};`;
}

/** 13 bits, the lowest first, as two digits, the lower one first, from '#' on; '\\' is written '~'. */
function base91(bytes) {
  let text = '';
  let word = 0;
  let held = 0;
  const write = () => {
    const value = word & 8191;
    text += String.fromCharCode(35 + (value % 91), 35 + Math.floor(value / 91));
    word >>= 13;
    held -= 13;
  };
  for (const byte of bytes) {
    word |= byte << held;
    held += 8;
    if (held >= 13) write();
  }
  if (held > 0) write();
  return text.replaceAll('\\', '~');
}

const esbuildPlugin = {
  name: 'normlens-kernels',
  setup(build) {
    build.onResolve({ filter: /^normlens:/ }, ({ path: id }) =>
      modules[id] ? { path: id, namespace: 'normlens' } : null,
    );
    build.onLoad({ filter: /.*/, namespace: 'normlens' }, async ({ path: id }) => ({
      contents: await moduleText(id),
      loader: 'js',
      watchDirs: [modules[id]],
      watchFiles: sourceFiles(modules[id]),
    }));
  },
};

const vitePlugin = {
  name: 'normlens-kernels',
  enforce: 'pre',
  resolveId: (id) => (modules[id] ? `\0${id}` : null),
  load: (id) => (modules[id.slice(1)] ? moduleText(id.slice(1)) : null),
};

module.exports = { plugins: [esbuildPlugin], vitePlugins: [vitePlugin], kernels, compile, base91 };

// Compiles the AssemblyScript kernels and hands the wasm to esbuild and vite as base64, under the name `normlens:kernels`.
// The compiled module is kept in .cache/, named by a hash of its sources and of the compiler, so that a build without
// changes in assembly/ does not start the compiler. Nothing binary lives in git.
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const sources = path.join(__dirname, 'assembly');
const cache = path.join(__dirname, '..', '..', '.cache', 'kernels');
const id = 'normlens:kernels';

const flags = [
  ...['--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noAssert', '--converge'],
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--use', 'abort='],
];

function sourceFiles() {
  return fs
    .readdirSync(sources)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort();
}

function hashOf(files) {
  const hash = crypto.createHash('sha256').update(flags.join(' '));
  hash.update(require('assemblyscript/package.json').version);
  for (const file of files) hash.update(file).update(fs.readFileSync(path.join(sources, file)));
  return hash.digest('hex').slice(0, 16);
}

async function compile(folder, entry, extraFlags = []) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await asc.main([entry, '--outFile', 'out.wasm', ...flags, ...extraFlags], {
    readFile: (name, base) => {
      const file = path.join(base && base !== '.' ? path.resolve(folder, base) : folder, name);
      return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary);
}

let pending = { hash: '', wasm: Promise.resolve(Buffer.alloc(0)) };

/** The kernels as wasm bytes, from the cache where the sources have not changed. */
function kernels() {
  const files = sourceFiles();
  const hash = hashOf(files);
  if (pending.hash === hash) return pending.wasm;
  const wasm = load(path.join(cache, `${hash}.wasm`));
  pending = { hash, wasm };
  return wasm;
}

async function load(file) {
  if (fs.existsSync(file)) return fs.readFileSync(file);
  const binary = await compile(sources, 'index.ts');
  fs.mkdirSync(cache, { recursive: true });
  // Written under a name of its own and renamed, so that two builds at once never read half a file.
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, binary);
  fs.renameSync(partial, file);
  return binary;
}

const moduleText = async () => `export default ${JSON.stringify((await kernels()).toString('base64'))};`;

const esbuildPlugin = {
  name: 'normlens-kernels',
  setup(build) {
    build.onResolve({ filter: /^normlens:kernels$/ }, () => ({ path: id, namespace: 'normlens' }));
    build.onLoad({ filter: /.*/, namespace: 'normlens' }, async () => ({
      contents: await moduleText(),
      loader: 'js',
      watchDirs: [sources],
      watchFiles: sourceFiles().map((file) => path.join(sources, file)),
    }));
  },
};

const vitePlugin = {
  name: 'normlens-kernels',
  enforce: 'pre',
  resolveId: (source) => (source === id ? `\0${id}` : null),
  load: (source) => (source === `\0${id}` ? moduleText() : null),
};

module.exports = { plugins: [esbuildPlugin], vitePlugins: [vitePlugin], kernels, compile };

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { Sources } from '../../../src/analyzer/workspace/sources';
import { temporaryFolder } from '../cli/temporaryFolder';

type Files = Readonly<Record<string, string>>;

function ours(files: Files, specifier: string, from: string): string | undefined {
  return new Sources({ read: (path) => files[path] }).resolve(specifier, from);
}

/** What TypeScript's own resolver says, with the configuration at `config`. */
function typescript(files: Files, specifier: string, from: string, config: string): string | undefined {
  const exists = (path: string): boolean => path in files;
  const host: ts.ParseConfigHost = {
    fileExists: exists,
    readFile: (path) => files[path],
    readDirectory: () => [],
    useCaseSensitiveFileNames: true,
  };
  const { config: json } = ts.readConfigFile(config, (path) => files[path]);
  const { options } = ts.parseJsonConfigFileContent(json, host, config.slice(0, config.lastIndexOf('/')) || '/');
  const resolution = {
    ...options,
    allowJs: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    resolveJsonModule: true,
  };
  const directoryExists = (path: string): boolean => Object.keys(files).some((file) => file.startsWith(`${path}/`));
  const found = ts.resolveModuleName(specifier, from, resolution, {
    fileExists: exists,
    readFile: host.readFile,
    directoryExists,
  });
  return found.resolvedModule?.resolvedFileName;
}

const ALIASED: Files = {
  '/app/tsconfig.json': `{
    // comments, and a trailing comma
    "extends": "./config/base",
    "compilerOptions": { "strict": true, },
  }`,
  '/app/config/base.json': `{ "compilerOptions": {
    "baseUrl": "..",
    "paths": { "@/*": ["src/*"], "models": ["src/models/index.ts"], "lib/*": ["missing/*", "library/*"], "@/deep/*": ["src/elsewhere/*"] }
  } }`,
  '/app/src/models/index.ts': '',
  '/app/src/layers.ts': '',
  '/app/src/elsewhere/norm.ts': '',
  '/app/src/shared.js': '',
  '/app/library/tools.ts': '',
  '/app/src/main.ts': '',
  '/app/src/view/page.ts': '',
};

describe('path aliases', () => {
  test.each([
    ['@/layers'],
    ['@/models'],
    ['models'],
    ['lib/tools'],
    ['@/deep/norm'],
    ['src/layers'],
    ['@/shared'],
    ['@/nothing'],
  ])('lead %s where TypeScript finds it', (specifier) => {
    const found = ours(ALIASED, specifier, '/app/src/view/page.ts');
    expect(found).toBe(typescript(ALIASED, specifier, '/app/src/view/page.ts', '/app/tsconfig.json'));
    expect(found === undefined).toBe(specifier === '@/nothing');
  });

  const WITHOUT_BASE: Files = {
    '/app/tsconfig.json': '{ "extends": "./config/base.json" }',
    '/app/config/base.json': '{ "compilerOptions": { "paths": { "@/*": ["../src/*"] } } }',
    '/app/src/a.ts': '',
    '/app/src/b.ts': '',
  };

  test('without a baseUrl are relative to the file that declares them, as TypeScript reads them', () => {
    const found = ours(WITHOUT_BASE, '@/a', '/app/src/b.ts');
    expect(found).toBe('/app/src/a.ts');
    expect(found).toBe(typescript(WITHOUT_BASE, '@/a', '/app/src/b.ts', '/app/tsconfig.json'));
  });

  test('of a jsconfig.json hold, and the nearest configuration wins', () => {
    const files: Files = {
      '/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./wrong/*"] } } }',
      '/wrong/a.js': '',
      '/app/jsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
      '/app/lib/a.js': '',
    };
    expect(ours(files, '~/a', '/app/main.js')).toBe('/app/lib/a.js');
  });

  test('of a configuration that is only referred to hold too, as in Vite’s templates', () => {
    const files: Files = {
      '/tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./node" }] }',
      '/tsconfig.app.json': '{ "compilerOptions": { "paths": { "$lib/*": ["./src/lib/*"] } } }',
      '/src/lib/net.ts': '',
    };
    expect(ours(files, '$lib/net', '/src/main.ts')).toBe('/src/lib/net.ts');
  });

  test('that only the bundler knows are read by custom: @/ is src/ of the package', () => {
    const files: Files = { '/app/package.json': '{}', '/app/src/net.js': '' };
    expect(ours(files, '@/net', '/app/src/pages/a.vue')).toBe('/app/src/net.js');
  });

  test('that extend each other in a circle lead nowhere', () => {
    const files: Files = {
      '/tsconfig.json': '{ "extends": "./other.json" }',
      '/other.json': '{ "extends": "./tsconfig.json" }',
    };
    expect(ours(files, '@/a', '/main.ts')).toBeUndefined();
  });
});

const MONOREPO: Files = {
  '/package.json': '{ "workspaces": ["packages/*", "tools/kit"] }',
  '/packages/models/package.json': '{ "name": "@acme/models", "main": "dist/index.js", "types": "dist/index.d.ts" }',
  '/packages/models/src/index.ts': '',
  '/packages/models/src/resnet.ts': '',
  '/packages/layers/package.json':
    '{ "name": "@acme/layers", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./lib/main.mjs" }, "./norms/*": "./lib/norms/*.mjs" } }',
  '/packages/layers/lib/main.mjs': '',
  '/packages/layers/lib/norms/rms.mjs': '',
  '/tools/kit/package.json': '{ "name": "kit", "module": "./kit.js" }',
  '/tools/kit/kit.js': '',
  '/packages/app/package.json':
    '{ "name": "app", "exports": "./src/main.js", "imports": { "#net": "./src/net.js", "#parts/*": { "default": "./src/parts/*.js" } } }',
  '/packages/app/src/main.js': '',
  '/packages/app/src/net.js': '',
  '/packages/app/src/parts/head.js': '',
};
const FROM = '/packages/app/src/main.js';

describe('packages of a monorepo', () => {
  test('lead to the source that an entry is built from', () => {
    expect(ours(MONOREPO, '@acme/models', FROM)).toBe('/packages/models/src/index.ts');
    expect(ours(MONOREPO, '@acme/models/resnet', FROM)).toBe('/packages/models/src/resnet.ts');
  });

  test('of which there is only one of that name are found where the patterns of the workspace say', () => {
    expect(ours(MONOREPO, 'kit', FROM)).toBe('/tools/kit/kit.js');
    const pnpm = {
      ...MONOREPO,
      '/package.json': '{}',
      '/pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n  - tools/kit\n",
    };
    expect(ours(pnpm, 'kit', FROM)).toBe('/tools/kit/kit.js');
  });

  test('beside the importing one are found without patterns', () => {
    const files = { ...MONOREPO, '/package.json': '{}' };
    expect(ours(files, '@acme/layers', FROM)).toBe('/packages/layers/lib/main.mjs');
  });

  test('that a version links to are found at the link', () => {
    const files: Files = {
      '/a/package.json': '{ "dependencies": { "net": "file:../libraries/network" } }',
      '/libraries/network/package.json': '{ "name": "net" }',
      '/libraries/network/index.js': '',
    };
    expect(ours(files, 'net', '/a/main.js')).toBe('/libraries/network/index.js');
  });

  test('that are installed, or have another name, are not of the workspace', () => {
    expect(ours(MONOREPO, 'react', FROM)).toBeUndefined();
    expect(
      ours(
        { ...MONOREPO, '/packages/react/package.json': '{ "name": "not-react" }', '/packages/react/index.js': '' },
        'react',
        FROM,
      ),
    ).toBeUndefined();
  });

  test('are looked at anew when a package.json changes', () => {
    const files: Record<string, string> = { ...MONOREPO };
    const sources = new Sources({ read: (path) => files[path] });
    expect(sources.resolve('kit', FROM)).toBe('/tools/kit/kit.js');
    files['/tools/kit/package.json'] = '{ "name": "other" }';
    sources.forget('/tools/kit/package.json');
    expect(sources.resolve('kit', FROM)).toBeUndefined();
  });
});

describe('exports and imports of package.json', () => {
  test.each([['#net'], ['#parts/head'], ['#nothing'], ['app'], ['@acme/layers'], ['@acme/layers/norms/rms']])(
    'lead %s where Node finds it',
    (specifier) => {
      const folder = temporaryFolder(
        Object.fromEntries(Object.entries(MONOREPO).map(([path, text]) => [path.slice(1), text])),
      );
      for (const name of ['models', 'layers']) {
        execFileSync('mkdir', ['-p', join(folder, 'node_modules/@acme')]);
        execFileSync('ln', ['-s', join(folder, 'packages', name), join(folder, 'node_modules/@acme', name)]);
      }
      const found = ours(MONOREPO, specifier, FROM);
      expect(found).toBe(node(folder, specifier));
      expect(found === undefined).toBe(specifier === '#nothing');
    },
    30_000,
  );

  /** What Node's own resolver says, in a file of the app. */
  function node(folder: string, specifier: string): string | undefined {
    const script = `const url = await import('node:url'); const fs = await import('node:fs');
      try { console.log(fs.realpathSync(url.fileURLToPath(import.meta.resolve(${JSON.stringify(specifier)})))); } catch { console.log(''); }`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(folder, 'packages/app/src'),
      encoding: 'utf8',
    }).trim();
    return out === '' ? undefined : out.slice(execFileSync('realpath', [folder], { encoding: 'utf8' }).trim().length);
  }
});

test('a model behind an alias and a package is followed', () => {
  const files: Files = {
    ...MONOREPO,
    '/packages/models/src/index.ts': "export { block } from './resnet';",
    '/packages/models/src/resnet.ts':
      "import * as tf from '@tensorflow/tfjs';\nexport const block = (x: tf.SymbolicTensor) => tf.layers.dense({ units: 7 }).apply(x);",
    '/packages/app/src/main.js':
      "import * as tf from '@tensorflow/tfjs';\nimport { block } from '@acme/models';\nconst input = tf.input({ shape: [3] });\nexport const model = tf.model({ inputs: input, outputs: block(input) });",
  };
  const { models } = createAnalyzer({ read: (path) => files[path] }).analyze(FROM);
  expect(models.map(({ outputs }) => outputs)).toEqual([[[null, 7]]]);
});

import { directoryOf, join } from './paths';

/** Endings tried in this order, as TypeScript and Node do between them. */
const ENDINGS = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.json',
  '/index.ts',
  '/index.tsx',
  '/index.mts',
  '/index.js',
  '/index.jsx',
  '/index.mjs',
  '/index.cjs',
];

/** A specifier ends in `.js` where the source is TypeScript. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** Files with other endings hold no program: pictures, styles, data. */
const PROGRAM = /\.(?:[cm]?[jt]sx?|json|vue|svelte|html?)$/;

/** The file that a relative or absolute specifier names, by `exists`; undefined for packages and for what is not there. */
export function resolveFile(specifier: string, from: string, exists: (path: string) => boolean): string | undefined {
  if (!specifier.startsWith('.') && !specifier.startsWith('/')) return undefined;
  return resolveAt(join(directoryOf(from), specifier), exists);
}

/** The file at a path without its ending. */
export function resolveAt(base: string, exists: (path: string) => boolean): string | undefined {
  for (const ending of ENDINGS) {
    const path = base + ending;
    if (PROGRAM.test(path) && exists(path)) return path;
  }
  const ending = /\.[cm]?jsx?$/.exec(base)?.[0];
  const stem = ending === undefined ? undefined : base.slice(0, -ending.length);
  return SOURCES[ending ?? '']?.map((other) => stem + other).find(exists);
}

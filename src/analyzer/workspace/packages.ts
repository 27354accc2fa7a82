/**
 * Packages of the workspace: a bare specifier may name a package that lies beside the importing one (a monorepo), the
 * importing package itself, or an entry of its `imports`. Folders cannot be listed here, only files read: a package is
 * looked for where its name says that it lies.
 */
import { type Config, type Configs, type Json, matching, record, strings } from './configs';
import { directoryOf, join } from './paths';

const PACKAGE = ['package.json'];

/** Conditions of `exports` and `imports` in the order of our liking: sources, then modules. */
const CONDITIONS = ['source', 'development', 'import', 'module', 'browser', 'default', 'node', 'require', 'types'];
/** Fields of package.json that name its entry. */
const FIELDS = ['source', 'module', 'main', 'types', 'typings'];
/** Where sources lie by custom. */
const CUSTOMARY = ['./src/index', './index', './lib/index', './src/main'];

/** Built code, and where its source lies by custom: the source is what its authors read. */
const BUILT = /^(\.\/)?(?:dist|build|lib|out|esm|es|cjs)(?:\/(?:esm|es|cjs|src|lib|module|types))?\//;

/** The paths, with or without endings, that a bare specifier may name; the likeliest first. */
export function packageTargets(specifier: string, folder: string, configs: Configs): readonly string[] {
  const own = configs.nearest(folder, PACKAGE);
  if (specifier.startsWith('#')) return own === undefined ? [] : importTargets(own, specifier);
  const [, name, subpath] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (name === undefined) return [];
  const found = findPackage(name, folder, configs);
  return found === undefined ? [] : entryTargets(found, subpath);
}

// ---------------------------------------------------------------- finding

function findPackage(name: string, folder: string, configs: Configs): Config | undefined {
  for (const above of configs.above(folder, 'package.json')) {
    if (above.json.name === name) return above;
    const linked = linkOf(above.json, name);
    const candidates = [
      ...(linked === undefined ? [] : [join(above.folder, linked)]),
      ...workspaceFolders(above, configs).flatMap((pattern) =>
        foldersFor(pattern, name).map((f) => join(above.folder, f)),
      ),
      ...namesOf(name).map((last) => join(directoryOf(above.folder), last)),
    ];
    for (const candidate of candidates) {
      const json = configs.file(`${candidate}/package.json`);
      if (json?.name === name) return { folder: candidate, json };
    }
  }
  return undefined;
}

/** `"dependencies": { name: "file:../name" }` */
function linkOf(json: Json, name: string): string | undefined {
  for (const field of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
    const version = record(json[field])?.[name];
    const path =
      typeof version === 'string' ? /^(?:file|link|portal|workspace):(\.{1,2}\/.*)$/.exec(version)?.[1] : undefined;
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The patterns of npm, yarn and pnpm: `packages/*`. */
function workspaceFolders({ json, folder }: Config, configs: Configs): readonly string[] {
  const { workspaces } = json;
  const own = Array.isArray(workspaces) ? strings(workspaces) : strings(record(workspaces)?.packages);
  const pnpm = configs.text(`${folder}/pnpm-workspace.yaml`);
  const listed = [...(pnpm ?? '').matchAll(/^\s*-\s*['"]?([^'"#\s]+)/gm)].map(([, pattern = '']) => pattern);
  const lerna = strings(configs.file(`${folder}/lerna.json`)?.packages);
  return [...own, ...listed, ...lerna].filter((pattern) => !pattern.startsWith('!'));
}

/** A package's folder has its name, or its name's last part, in place of the star. */
function foldersFor(pattern: string, name: string): readonly string[] {
  if (!pattern.includes('*')) return [pattern];
  return namesOf(name).map((last) => pattern.replace(/\*+(?:\/\*+)?/, last));
}

function namesOf(name: string): readonly string[] {
  const [scope, last] = name.startsWith('@')
    ? [name.slice(1, name.indexOf('/')), name.slice(name.indexOf('/') + 1)]
    : [];
  return last === undefined ? [name] : [last, `${scope}-${last}`, name];
}

// ---------------------------------------------------------------- entries

function entryTargets({ folder, json }: Config, subpath: string | undefined): readonly string[] {
  const exported = exportTargets(json.exports, subpath === undefined ? '.' : `./${subpath}`);
  const targets =
    subpath === undefined
      ? [...textsOf(json.source), ...exported, ...FIELDS.flatMap((field) => textsOf(json[field])), ...CUSTOMARY]
      : [...exported, `./${subpath}`, `./src/${subpath}`];
  return targets.flatMap(sourcesOf).map((target) => join(folder, target));
}

function importTargets({ folder, json }: Config, specifier: string): readonly string[] {
  const imports = record(json.imports);
  if (imports === undefined) return [];
  return matching(imports, specifier)
    .flatMap(({ target, star }) => conditionsOf(target).map((text) => text.replaceAll('*', star)))
    .filter((target) => target.startsWith('.'))
    .flatMap(sourcesOf)
    .map((target) => join(folder, target));
}

function exportTargets(exports: unknown, subpath: string): readonly string[] {
  const map = record(exports);
  const isMap = map !== undefined && Object.keys(map).some((key) => key.startsWith('.'));
  if (!isMap) return subpath === '.' ? conditionsOf(exports) : [];
  return matching(map, subpath).flatMap(({ target, star }) =>
    conditionsOf(target).map((text) => text.replaceAll('*', star)),
  );
}

/** The paths of a target: a path, a list of alternatives, or one for each condition. */
function conditionsOf(target: unknown): readonly string[] {
  if (Array.isArray(target)) return target.flatMap(conditionsOf);
  const conditions = record(target);
  if (conditions === undefined) return textsOf(target);
  const rest = Object.keys(conditions).filter((key) => !CONDITIONS.includes(key));
  return [...CONDITIONS, ...rest].flatMap((key) => (key in conditions ? conditionsOf(conditions[key]) : []));
}

function textsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}

/** A file, and before it the source that it may be built from. Declarations have no values, but stand where sources do. */
function sourcesOf(target: string): readonly string[] {
  const isDeclaration = /\.d\.[cm]?ts$/.test(target);
  const stem = target.replace(/(?:\.d\.[cm]?ts|\.[cm]?[jt]sx?)$/, '');
  const source = BUILT.test(stem) ? [stem.replace(BUILT, './src/'), stem.replace(BUILT, './')] : [];
  return isDeclaration ? [...source, stem] : [...source, target];
}

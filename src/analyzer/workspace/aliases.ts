/** Path aliases: `baseUrl` and `paths` of the nearest tsconfig.json or jsconfig.json, and the `@/` of bundlers. */
import { type Configs, type Json, matching, record, strings } from './configs';
import { directoryOf, join } from './paths';

const NAMES = ['tsconfig.json', 'jsconfig.json'];
const MAX_EXTENDS = 8;

interface Paths {
  readonly baseUrl: string | undefined;
  readonly paths: Json | undefined;
  /** What the targets of `paths` are relative to. */
  readonly root: string;
}

/** The paths, without endings, that the aliases in force at `folder` give for a specifier; the likeliest first. */
export function aliasTargets(specifier: string, folder: string, configs: Configs): readonly string[] {
  const config = configs.nearest(folder, NAMES);
  const found: string[] = [];
  for (const { baseUrl, paths, root } of config === undefined ? [] : allPaths(config.json, config.folder, configs)) {
    for (const { target, star } of paths === undefined ? [] : matching(paths, specifier)) {
      found.push(...strings(target).map((text) => join(root, text.replace('*', star))));
    }
    if (baseUrl !== undefined) found.push(join(baseUrl, specifier));
  }
  // Vite, Nuxt, Vue and webpack projects write `@/` for their sources, told to the bundler alone. No package has such a name.
  const rest = /^[@~]\/(.+)$/.exec(specifier)?.[1];
  const owner = rest === undefined ? undefined : configs.nearest(folder, ['package.json']);
  if (rest !== undefined && owner !== undefined)
    found.push(join(owner.folder, `src/${rest}`), join(owner.folder, rest));
  return found;
}

/** The config's own paths, and those of the configs that it refers to, as Vite's templates have them. */
function allPaths(json: Json, folder: string, configs: Configs): readonly Paths[] {
  const own = pathsOf(json, folder, configs, 0);
  if (own !== undefined) return [own];
  const references = Array.isArray(json.references) ? json.references : [];
  return references.flatMap((reference) => {
    const path = record(reference)?.path;
    const found = typeof path === 'string' ? open(join(folder, path), configs) : undefined;
    const paths = found === undefined ? undefined : pathsOf(found.json, found.folder, configs, 0);
    return paths === undefined ? [] : [paths];
  });
}

function open(path: string, configs: Configs): { readonly json: Json; readonly folder: string } | undefined {
  for (const file of [path, `${path}.json`, `${path}/tsconfig.json`]) {
    const json = file.endsWith('.json') ? configs.file(file) : undefined;
    if (json !== undefined) return { json, folder: directoryOf(file) };
  }
  return undefined;
}

/** `baseUrl` and `paths` of a config or, each where it has none, of what it extends. */
function pathsOf(json: Json, folder: string, configs: Configs, depth: number): Paths | undefined {
  const options = record(json.compilerOptions);
  const given = typeof options?.baseUrl === 'string' ? join(folder, options.baseUrl) : undefined;
  const paths = record(options?.paths);
  if (paths !== undefined && given !== undefined) return { baseUrl: given, paths, root: given };
  const inherited = depth < MAX_EXTENDS ? extended(json, folder, configs, depth) : undefined;
  const baseUrl = given ?? inherited?.baseUrl;
  if (paths !== undefined) return { baseUrl, paths, root: baseUrl ?? folder };
  if (inherited?.paths !== undefined) return { baseUrl, paths: inherited.paths, root: given ?? inherited.root };
  return baseUrl === undefined ? undefined : { baseUrl, paths: undefined, root: baseUrl };
}

/** Of several, the last one wins. */
function extended(json: Json, folder: string, configs: Configs, depth: number): Paths | undefined {
  const bases = typeof json.extends === 'string' ? [json.extends] : strings(json.extends);
  for (const base of [...bases].reverse()) {
    if (!base.startsWith('.') && !base.startsWith('/')) continue;
    const found = open(join(folder, base), configs);
    const paths = found === undefined ? undefined : pathsOf(found.json, found.folder, configs, depth + 1);
    if (paths !== undefined) return paths;
  }
  return undefined;
}

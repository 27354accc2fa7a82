import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { isSource } from '../shared/languages';
import { inWords } from './sourceFiles';

/** A path that cannot be checked, in a sentence for the reader. */
export class PathError extends Error {}

/** One .gitignore, and the folder it speaks of. */
interface Rules {
  readonly folder: string;
  readonly ignore: Ignore;
}

/**
 * The files that the given paths name: a file stands for itself, a directory for every JavaScript and TypeScript file
 * below it that git does not ignore, a pattern for what it matches. Absolute, with forward slashes, each once.
 * Throws a PathError for a path that is not there, cannot be read, or is no source file.
 */
export function discover(paths: readonly string[], cwd: string): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (const file of filesOf(path, cwd)) found.add(slashes(file));
  }
  return [...found];
}

function filesOf(path: string, cwd: string): readonly string[] {
  const absolute = resolve(cwd, path);
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    throw new PathError(`${path} cannot be read: ${inWords(error)}`);
  }
  if (stats?.isDirectory()) return below(absolute, path);
  if (stats?.isFile()) {
    if (!isSource(absolute)) throw new PathError(`${path} is no JavaScript or TypeScript source file`);
    readable(absolute, path);
    return [absolute];
  }
  if (stats !== undefined) throw new PathError(`${path} is neither a file nor a directory`);
  if (!isDynamicPattern(path)) throw new PathError(`${path} cannot be read: no such file or directory`);
  const matches = globSync(slashes(path), { cwd, absolute: true, ignore: ['**/node_modules/**'] }).filter(isSource);
  if (matches.length === 0) throw new PathError(`${path} matches no JavaScript or TypeScript source file`);
  return matches.sort();
}

function readable(absolute: string, path: string): void {
  try {
    readFileSync(absolute);
  } catch (error) {
    throw new PathError(`${path} cannot be read: ${inWords(error)}`);
  }
}

/** Every source file below a folder, in the order of their names; what git ignores is never entered. */
function below(folder: string, path: string): readonly string[] {
  const files: string[] = [];
  const visit = (current: string, rules: readonly Rules[]): void => {
    const inner = [...rules, ...rulesOf(current, '.gitignore')];
    for (const entry of entriesOf(current, current === folder ? path : undefined)) {
      const child = join(current, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git' && !isIgnored(child, true, inner)) {
          visit(child, inner);
        }
      } else if ((entry.isFile() || entry.isSymbolicLink()) && isSource(child) && !isIgnored(child, false, inner)) {
        if (entry.isFile() || statSync(child, { throwIfNoEntry: false })?.isFile()) files.push(child);
      }
    }
  };
  visit(folder, rulesAbove(folder));
  return files;
}

/** A folder that was named must be readable; one below it that is not is passed over, as git does. */
function entriesOf(folder: string, named: string | undefined) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (named === undefined) return [];
    throw new PathError(`${named} cannot be read: ${inWords(error)}`);
  }
}

/** The rules of the folders between the repository's root and `folder`, the root's first. */
function rulesAbove(folder: string): readonly Rules[] {
  const folders: string[] = [];
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) {
      const above = folders.flatMap((inner) => (inner === folder ? [] : rulesOf(inner, '.gitignore')));
      const root = current === folder ? [] : rulesOf(current, '.gitignore');
      return [...rulesOf(current, '.git/info/exclude'), ...root, ...above];
    }
    if (dirname(current) === current) return [];
    folders.unshift(current);
  }
}

function rulesOf(folder: string, name: string): readonly Rules[] {
  try {
    return [{ folder, ignore: ignore().add(readFileSync(join(folder, name), 'utf8')) }];
  } catch {
    return [];
  }
}

/** The innermost .gitignore that says anything about a path decides. */
function isIgnored(path: string, directory: boolean, rules: readonly Rules[]): boolean {
  for (const { folder, ignore: patterns } of [...rules].reverse()) {
    const inner = slashes(relative(folder, path));
    const { ignored, unignored } = patterns.test(directory ? `${inner}/` : inner);
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}

function slashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

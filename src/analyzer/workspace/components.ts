import { specifiersIn } from './specifiers';

interface Texts {
  text(path: string): string | undefined;
  resolve(specifier: string, from: string): string | undefined;
}

/**
 * Files that import one another, directly or through files that are not among them, fall into one group; groups have
 * nothing to tell each other. Found in the texts, without parsing. Groups and their files keep the order of `paths`.
 */
export function componentsOf(paths: readonly string[], texts: Texts): readonly (readonly string[])[] {
  const parents = new Map<string, string>();
  const rootOf = (path: string): string => {
    let root = path;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    parents.set(path, root);
    return root;
  };
  const reached = new Set(paths);
  for (const path of reached) {
    for (const specifier of specifiersIn(texts.text(path) ?? '')) {
      const found = texts.resolve(specifier, path);
      if (found === undefined) continue;
      reached.add(found);
      parents.set(rootOf(found), rootOf(path));
    }
  }
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const root = rootOf(path);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [path]);
    else group.push(path);
  }
  return [...groups.values()];
}

/**
 * Analyzes group by group, so that what one run holds is gone before the next. A run tells which files it loaded: where
 * some are of another group after all (a path that only evaluation knows), both are analyzed anew as one.
 */
export function analyzeGroups(
  groups: readonly (readonly string[])[],
  analyze: (group: readonly string[]) => Iterable<string>,
): void {
  const groupOf = new Map<string, readonly string[]>();
  for (const group of groups) for (const path of group) groupOf.set(path, group);
  const queue = [...groups];
  for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
    if (groupOf.get(group[0] ?? '') !== group) continue;
    const joined = new Set([group]);
    for (const path of analyze(group)) joined.add(groupOf.get(path) ?? group);
    if (joined.size === 1) continue;
    const order = new Map(groups.flat().map((path, i) => [path, i]));
    const merged = [...joined].flat().sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    for (const path of merged) groupOf.set(path, merged);
    queue.push(merged);
  }
}

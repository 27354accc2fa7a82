/** Moves all that has a range in some trees, in place: parts that two nodes share are moved once. */
export function moveBy(by: number, trees: readonly unknown[]): void {
  const seen = new Set<object>();
  // A stack of our own: chains of calls nest as deep as they are long.
  const open: unknown[] = [...trees];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== 'object' || at === null || seen.has(at)) continue;
    seen.add(at);
    if (Array.isArray(at)) {
      for (const item of at) if (typeof item === 'object' && item !== null) open.push(item);
      continue;
    }
    const node = at as { start?: unknown; end?: unknown };
    if (typeof node.start === 'number' && typeof node.end === 'number') {
      node.start += by;
      node.end += by;
    }
    for (const key in at) {
      const child = (at as Readonly<Record<string, unknown>>)[key];
      if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
}

/** A seeded source of draws (mulberry32): the same seed gives the same layers on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined && items.length === 0) throw new RangeError('nothing to pick from');
    return item as T;
  }

  ints(count: number, low: number, high: number): number[] {
    return Array.from({ length: count }, () => this.int(low, high));
  }

  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i -= 1) {
      const j = this.int(0, i);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** Mostly the good value, now and then one of the bad. */
  mostly<T>(good: T, bad: readonly unknown[], p = 0.04): T {
    return this.chance(p) ? (this.pick(bad) as T) : good;
  }

  /** The entries of a record, each there or not; `undefined` values are left out, so that defaults come to play. */
  some(entries: Readonly<Record<string, () => unknown>>, p = 0.4): Record<string, unknown> {
    return Object.fromEntries(Object.entries(entries).flatMap(([key, of]) => (this.chance(p) ? [[key, of()]] : [])));
  }
}

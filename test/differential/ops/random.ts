/** Seeded draws: the same seed gives the same arguments on every machine. */
export class Random {
  #state: number;

  /** How often `mostly` gives its first value. Ops with many arguments want it high, or hardly a draw is valid. */
  steadiness = 0.8;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from low to high, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(...options: readonly T[]): T {
    return options[this.int(0, options.length - 1)] as T;
  }

  /** A shape of small sizes, now and then with a 1. */
  shape(rank: number, most = 4): number[] {
    return Array.from({ length: rank }, () => (this.chance(0.2) ? 1 : this.int(2, most)));
  }

  /** Mostly this value, sometimes another. */
  mostly<T>(value: T, ...others: readonly T[]): T {
    return this.chance(this.steadiness) || others.length === 0 ? value : this.pick(...others);
  }
}

export function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return h >>> 0;
}

/** What a run knows besides the state of the program, and what a rehearsal of code must leave as it was. */

const ABSENT = Symbol('absent');

/** A map of which all that is set during a rehearsal is taken back. */
export class Rehearsed<K, V> {
  readonly #map = new Map<K, V>();
  /** What it held before, of what this rehearsal set. */
  #before: Map<K, V | typeof ABSENT> | undefined;

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    if (this.#before?.has(key) === false) this.#before.set(key, this.#map.get(key) ?? ABSENT);
    this.#map.set(key, value);
  }

  /** @returns ends the rehearsal */
  rehearse(): () => void {
    const outer = this.#before;
    const before = new Map<K, V | typeof ABSENT>();
    this.#before = before;
    return () => {
      this.#before = outer;
      for (const [key, value] of before) {
        if (value === ABSENT) this.#map.delete(key);
        else this.#map.set(key, value);
      }
    };
  }
}

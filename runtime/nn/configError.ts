/** A run cannot be made of a config: which property, what was expected, and what came. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly property: string,
    expected: string,
    actual: unknown,
  ) {
    super(`${property}: expected ${expected}, got ${String(actual)}.`);
  }
}

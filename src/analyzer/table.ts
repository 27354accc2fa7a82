/** A table's row by a name out of user code: what every object inherits (`constructor`, `toString`) is no row. */
export function row<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

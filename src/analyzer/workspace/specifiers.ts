/** Specifiers of imports, re-exports and requires. */
const SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"]([^'"\n]+)['"]/g;

/** What a text seems to import, without parsing it: a false one finds no file. */
export function* specifiersIn(text: string): Generator<string> {
  for (const [, specifier = ''] of text.matchAll(SPECIFIER)) yield specifier;
}

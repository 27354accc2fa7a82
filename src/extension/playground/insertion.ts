const NAMESPACE_IMPORT = /^import \* as (\w+) from .*\n+/;

/** Code of the playground as a file needs it: without its import where the file has something of that name already. */
export function withoutKnownImport(code: string, file: string): string {
  const name = NAMESPACE_IMPORT.exec(code)?.[1];
  const known = new RegExp(`\\b(?:import\\s*\\*\\s*as|import|const|let|var)\\s+${name}\\b`);
  return name !== undefined && known.test(file) ? code.replace(NAMESPACE_IMPORT, '') : code;
}

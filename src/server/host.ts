/** What differs between a server in a process of its own and one in a browser's worker. */
export interface Host {
  /** The text of a file that this host can read at once; `'ask'` where only the editor can. */
  read(path: string): string | undefined | 'ask';
  /** The source files below folders; undefined where only the editor knows them. */
  findFiles(folders: readonly string[]): readonly string[] | undefined;
  /** After much work whose results are gone: gives memory back that the engine would keep for more such work. */
  collect?(): void;
}

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Files } from '../analyzer/analysis';
import type { Host } from './host';

/** Asks the editor for texts; null where there is no such file. */
export type ReadRemote = (paths: readonly string[]) => Promise<readonly (string | null)[]>;

/** The workspace's files as the server sees them: open documents first, then the host's disk, then the editor's word. */
export class WorkspaceFiles implements Files {
  readonly #host: Host;
  readonly #readRemote: ReadRemote;
  readonly #open = new Map<string, TextDocument>();
  readonly #remote = new Map<string, string | null>();
  readonly #missing = new Set<string>();

  constructor(host: Host, readRemote: ReadRemote) {
    this.#host = host;
    this.#readRemote = readRemote;
  }

  read(path: string): string | undefined {
    const open = this.#open.get(path);
    if (open !== undefined) return open.getText();
    const text = this.#host.read(path);
    if (text !== 'ask') return text;
    const remote = this.#remote.get(path);
    if (remote === undefined) this.#missing.add(path);
    return remote ?? undefined;
  }

  open(path: string, document: TextDocument): void {
    this.#open.set(path, document);
  }

  close(path: string): void {
    this.#open.delete(path);
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  /** The file is another now than the editor told. */
  forget(path: string): void {
    this.#remote.delete(path);
  }

  /** Fetches what was read in vain since the last time; the paths of the files that there are. */
  async fetchMissing(): Promise<readonly string[]> {
    const paths = [...this.#missing];
    this.#missing.clear();
    if (paths.length === 0) return [];
    const texts = await this.#readRemote(paths);
    return paths.filter((path, i) => {
      const text = texts[i] ?? null;
      this.#remote.set(path, text);
      return text !== null;
    });
  }
}

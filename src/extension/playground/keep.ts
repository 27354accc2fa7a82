import * as vscode from 'vscode';
import type { ToExtension } from '../../shared/playground';
import type { Panel } from './panel';

const FILE = 'playground.json';
/** What is to take its place. */
const NEXT = `${FILE}.new`;

/**
 * Keeps a text for the page in a file of the extension's own folder for the workspace, so that training results survive a
 * reload of the window. Only the page knows what is in it, and reads it as data of unknown origin.
 */
export class Keeper {
  readonly #folder: vscode.Uri;
  /** The text that is to be written next; a newer one takes its place. */
  #waiting: string | undefined;
  #writing: Promise<void> | undefined;

  constructor({ storageUri, globalStorageUri }: Pick<vscode.ExtensionContext, 'storageUri' | 'globalStorageUri'>) {
    // Without a folder open there is no storage of the workspace's own.
    this.#folder = storageUri ?? globalStorageUri;
  }

  /** Whether the page's message is for this. */
  take(message: ToExtension, panel: Panel): boolean {
    if (message.type === 'recall') {
      void this.#read().then((text) => panel.post({ type: 'kept', text }));
      return true;
    }
    if (message.type !== 'keep') return false;
    this.#waiting = message.text;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return true;
  }

  async #read(): Promise<string | undefined> {
    if (this.#waiting !== undefined) return this.#waiting;
    // To rename over a file is to delete it first: for a moment, or for good where the window went away just then, there is
    // only its successor.
    for (const name of [FILE, NEXT, FILE]) {
      try {
        return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#uri(name)));
      } catch {
        // The next one.
      }
    }
    return undefined;
  }

  async #write(): Promise<void> {
    try {
      await vscode.workspace.fs.createDirectory(this.#folder);
      while (this.#waiting !== undefined) {
        const text = this.#waiting;
        // Beside it first: a window that is closed meanwhile leaves the last text whole.
        await vscode.workspace.fs.writeFile(this.#uri(NEXT), new TextEncoder().encode(text));
        await vscode.workspace.fs.rename(this.#uri(NEXT), this.#uri(FILE), { overwrite: true });
        if (this.#waiting === text) this.#waiting = undefined;
      }
    } catch {
      // A full disk or a folder that may not be written: the page goes on without.
      this.#waiting = undefined;
    }
  }

  #uri(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, name);
  }
}

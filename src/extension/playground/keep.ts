import * as vscode from 'vscode';
import type { ToExtension } from '../../shared/playground';
import type { Panel } from './panel';

const FILE = 'playground.json';

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
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file()));
    } catch {
      return undefined;
    }
  }

  async #write(): Promise<void> {
    try {
      await vscode.workspace.fs.createDirectory(this.#folder);
      while (this.#waiting !== undefined) {
        const text = this.#waiting;
        // Beside it first: a window that is closed meanwhile leaves the last text whole.
        const beside = vscode.Uri.joinPath(this.#folder, `${FILE}.new`);
        await vscode.workspace.fs.writeFile(beside, new TextEncoder().encode(text));
        await vscode.workspace.fs.rename(beside, this.#file(), { overwrite: true });
        if (this.#waiting === text) this.#waiting = undefined;
      }
    } catch {
      // A full disk or a folder that may not be written: the page goes on without.
      this.#waiting = undefined;
    }
  }

  #file(): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, FILE);
  }
}

import * as vscode from 'vscode';
import { LANGUAGES } from '../../shared/languages';
import type { ToExtension } from '../../shared/playground';
import type { Server } from '../server';
import type { Panel } from './panel';

/**
 * Tells the page the models of the active editor, while it asks for them: at once, when another editor comes to the front,
 * and when the server has analyzed the file anew.
 */
export class Follower {
  #panel: Panel | undefined;
  #subscription: vscode.Disposable | undefined;
  #uri: vscode.Uri | undefined;

  constructor(private readonly server: () => Promise<Pick<Server, 'models'>>) {}

  /** The page's message, if it is for this. */
  readonly listen = (message: ToExtension, panel: Panel): void => {
    if (message.type !== 'follow') return;
    if (message.follow) this.#begin(panel);
    else if (this.#panel === panel) this.#end();
  };

  /** The server has analyzed a document. */
  analyzed(uri: string): void {
    if (this.#panel !== undefined && uri === this.#uri?.toString()) void this.#tell();
  }

  #begin(panel: Panel): void {
    this.#end();
    this.#panel = panel;
    this.#subscription = vscode.window.onDidChangeActiveTextEditor((editor) => this.#see(editor));
    // The panel has the focus now: the editor that is meant is the one beside it.
    const beside = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find(isSource);
    if (beside === undefined) panel.post({ type: 'code', payload: null });
    this.#see(beside);
  }

  #end(): void {
    this.#subscription?.dispose();
    this.#subscription = undefined;
    this.#panel = undefined;
    this.#uri = undefined;
  }

  /** Undefined when the panel itself comes to the front: the last editor stays. */
  #see(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined || !isSource(editor)) return;
    this.#uri = editor.document.uri;
    void this.#tell();
  }

  async #tell(): Promise<void> {
    const [uri, panel] = [this.#uri?.toString(), this.#panel];
    if (uri === undefined || panel === undefined) return;
    try {
      const payload = await (await this.server()).models(uri);
      // None while the text changes: then `analyzed` comes soon. Another file may be looked at meanwhile.
      if (payload === null || uri !== this.#uri?.toString() || panel !== this.#panel) return;
      panel.post({ type: 'code', payload });
    } catch {
      // The server or the panel has gone: whoever opens the scene again begins anew.
      this.#end();
    }
  }
}

const isSource = ({ document }: vscode.TextEditor): boolean => Object.hasOwn(LANGUAGES, document.languageId);

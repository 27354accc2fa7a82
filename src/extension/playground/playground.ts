import * as vscode from 'vscode';
import { queryOf, type Reading, readQuery, type ToExtension, URI_PATH } from '../../shared/playground';
import { actions } from './actions';
import { Keeper } from './keep';
import { type Panel, showPage } from './panel';

/** The type of the panel, by which the editor restores it after a restart. */
export const VIEW_TYPE = 'normlens.playground';

/** The playground's one panel. */
export interface Playground {
  /** Opens the panel, or brings the open one to the front, with some settings. */
  open(reading?: Reading): void;
}

/** What is called with each message of the page that the panel does not answer itself. */
export type Listener = (message: ToExtension, panel: Panel) => void;

/** Puts up what opens the playground besides its command: links, and the editor's own restoring of panels. */
export function registerPlayground(context: vscode.ExtensionContext, listener: Listener = () => {}): Playground {
  let panel: Panel | undefined;
  const keeper = new Keeper(context);
  const show = (shown: vscode.WebviewPanel, query: string) => {
    const made = showPage(shown, context.extensionUri, query, (message) => {
      if (!actions(message) && !keeper.take(message, made)) listener(message, made);
    });
    panel = made;
    shown.onDidDispose(() => {
      if (panel === made) panel = undefined;
    });
  };
  const open = ({ change, refused }: Reading = { change: {}, refused: [] }) => {
    if (panel !== undefined) {
      panel.reveal();
      if (Object.keys(change).length > 0 || refused.length > 0) panel.post({ type: 'open', change, refused });
      return;
    }
    const beside = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    // Kept while hidden: a training run pauses there and goes on.
    const kept = { retainContextWhenHidden: true };
    show(vscode.window.createWebviewPanel(VIEW_TYPE, 'Normlens Playground', beside, kept), queryOf(change));
    // What a link got wrong is told once the page can listen.
    if (refused.length > 0) panelOf()?.whenReady(() => panelOf()?.post({ type: 'open', change: {}, refused }));
  };
  const panelOf = () => panel;
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(restored) {
        show(restored, '');
      },
    }),
    vscode.window.registerUriHandler({
      handleUri: ({ path, query }) => {
        if (path === URI_PATH) open(readQuery(query));
      },
    }),
    { dispose: () => panel?.dispose() },
  );
  return { open };
}

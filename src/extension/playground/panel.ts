import * as vscode from 'vscode';
import { playgroundPage, readToExtension, type ToExtension, type ToPage } from '../../shared/playground';

/** A panel with the page in it. */
export interface Panel {
  reveal(): void;
  post(message: ToPage): void;
  /** Calls back once, when the page listens; at once if it does. */
  whenReady(then: () => void): void;
  dispose(): void;
}

const FOLDER = ['dist', 'webview'];
const REDUCE_MOTION = 'workbench.reduceMotion';

/** Puts the page into a panel. `query` says with which settings it begins, unless it has saved some. */
export function showPage(
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  query: string,
  receive: (message: ToExtension) => void,
): Panel {
  const { webview } = panel;
  const folder = vscode.Uri.joinPath(extensionUri, ...FOLDER);
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const post = (message: ToPage) => void webview.postMessage(message);
  const waiting: (() => void)[] = [];
  let ready = false;
  const subscriptions = [
    webview.onDidReceiveMessage((data: unknown) => {
      const message = readToExtension(data);
      if (message?.type === 'ready') {
        ready = true;
        post({ type: 'motion', reduced: reducedMotion() });
        for (const then of waiting.splice(0)) then();
      } else if (message !== undefined) receive(message);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(REDUCE_MOTION)) post({ type: 'motion', reduced: reducedMotion() });
    }),
  ];
  panel.onDidDispose(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = playgroundPage({
    script: address('main.js'),
    style: address('main.css'),
    worker: address('worker.js'),
    nonce: nonce(),
    source: webview.cspSource,
    open: query,
    reducedMotion: reducedMotion(),
  });
  return {
    reveal: () => panel.reveal(),
    post,
    whenReady: (then) => {
      if (ready) then();
      else waiting.push(then);
    },
    dispose: () => panel.dispose(),
  };
}

const reducedMotion = (): boolean => vscode.workspace.getConfiguration().get(REDUCE_MOTION) === 'on';

/** 128 random bits. The platform's own generator, which Node and browsers share. */
function nonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

import * as vscode from 'vscode';
import type { AnalyzedParams } from '../shared/protocol';
import { commands } from './commands';
import { Follower } from './playground/follow';
import { registerPlayground } from './playground/playground';
import type { Server, StartServer } from './server';
import { createStatusItem } from './statusItem';

let current: Promise<Server> | undefined;

/** Puts up what people see at once and starts the server behind it: activation does not wait for it, the commands do. */
export function activateWith(context: vscode.ExtensionContext, startServer: StartServer): void {
  const output = vscode.window.createOutputChannel('Normlens', { log: true });
  const status = createStatusItem();
  const onAnalyzed = (analyzed: AnalyzedParams) => {
    status.analyzed(analyzed);
    follower.analyzed(analyzed.uri);
  };
  const start = (): Promise<Server> => {
    status.starting();
    const starting = afterThisTurn().then(() => startServer(output, onAnalyzed));
    starting.then(
      () => status.ready(),
      (error: unknown) => {
        output.error(`The language server did not start: ${error instanceof Error ? error.message : String(error)}`);
        status.failed();
      },
    );
    current = starting;
    return starting;
  };
  const server = () => current ?? start();
  const follower = new Follower(server);
  const restart = async () => {
    await stopServer();
    await start();
  };
  context.subscriptions.push(output, status);
  const playground = registerPlayground(context, follower.listen);
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(name, (...given) => run({ output, server, restart, playground }, ...given)),
    );
  }
  void server();
}

/** Ends the server; the editor waits for it. */
export async function stopServer(): Promise<void> {
  const server = await current?.catch(() => undefined);
  current = undefined;
  await server?.stop();
}

function afterThisTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

import type { LogOutputChannel } from 'vscode';
import type { Playground } from '../playground/playground';
import type { Server } from '../server';

/** What a command works with. */
export interface CommandContext {
  readonly output: LogOutputChannel;
  /** The running server; rejects where it did not start. */
  server(): Promise<Server>;
  /** Ends the server and starts another. */
  restart(): Promise<void>;
  readonly playground: Playground;
}

/** Further arguments are those of whoever called it: data of unknown origin. */
export type Command = (context: CommandContext, ...given: readonly unknown[]) => unknown;

import type { LogOutputChannel } from 'vscode';
import type { Server } from '../server';

/** What a command works with. */
export interface CommandContext {
  readonly output: LogOutputChannel;
  /** The running server; rejects where it did not start. */
  server(): Promise<Server>;
  /** Ends the server and starts another. */
  restart(): Promise<void>;
}

export type Command = (context: CommandContext) => unknown;

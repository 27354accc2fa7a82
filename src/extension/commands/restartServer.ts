import type { CommandContext } from './command';

/** Ends the language server and starts it anew. */
export async function restartServer({ restart, output }: CommandContext): Promise<void> {
  output.info('Restarting the language server.');
  await restart();
}

import type { CommandContext } from './command';

/** Shows what the extension and the server say. */
export function showOutput({ output }: CommandContext): void {
  output.show();
}

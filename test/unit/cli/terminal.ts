import { createColors } from 'picocolors';
import type { Terminal } from '../../../src/cli/terminal';

/** A terminal that keeps what was written. */
export function recordingTerminal(cwd: string, { colors = false } = {}) {
  const out: string[] = [];
  const errors: string[] = [];
  const terminal: Terminal = {
    cwd,
    colors: createColors(colors),
    width: 100,
    write: (text) => out.push(text),
    warn: (text) => errors.push(text),
  };
  return { terminal, out: () => out.join(''), errors: () => errors.join('\n') };
}

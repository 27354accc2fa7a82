import { readQuery } from '../../shared/playground';
import type { CommandContext } from './command';

/** Opens the playground. A query, as a link has it, says with which settings. */
export function openPlayground({ playground }: CommandContext, query?: unknown): void {
  playground.open(readQuery(typeof query === 'string' ? query : ''));
}

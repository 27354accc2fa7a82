import { analyzeWorkspace } from './analyzeWorkspace';
import type { Command } from './command';
import { openPlayground } from './openPlayground';
import { restartServer } from './restartServer';
import { showOutput } from './showOutput';

/** Every command of the manifest. */
export const commands: Readonly<Record<string, Command>> = {
  'normlens.analyzeWorkspace': analyzeWorkspace,
  'normlens.openPlayground': openPlayground,
  'normlens.restartServer': restartServer,
  'normlens.showOutput': showOutput,
};

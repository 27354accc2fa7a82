import { type ParseError, parseTree } from 'jsonc-parser';
import { directoryOf } from '../analyzer/workspace/paths';
import { type Config, type ConfigFile, type ConfigProblem, DEFAULT_CONFIG, type RuleName } from './config';
import { of, Reader } from './reader';
import { settings } from './settings';
import { inWords } from './syntax';

/**
 * Reads a configuration file: JSON with comments and trailing commas. It never throws: what is not understood is a problem
 * with its place, and has its default. A text that is no JSON has all defaults.
 */
export function parseConfig(path: string, text: string, rules: readonly RuleName[]): ConfigFile {
  const folder = directoryOf(path);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const first = errors.filter(({ offset }, i) => errors.findIndex((other) => other.offset === offset) === i);
  const problems: ConfigProblem[] = first.map(({ error, offset, length }) => ({
    at: { file: path, start: offset, end: offset + length },
    message: `this is no JSON: ${inWords(error)}`,
  }));
  if (root === undefined || problems.length > 0) return { path, folder, config: DEFAULT_CONFIG, problems };
  const reader = new Reader(path, folder, rules, problems);
  const config: Record<string, unknown> = { ...DEFAULT_CONFIG };
  reader.each(root, 'the configuration', (key, value) => {
    const setting = Object.hasOwn(settings, key.name) ? settings[key.name] : undefined;
    if (setting === undefined) reader.refuse(key.node, `there is no setting “${key.name}”${of(Object.keys(settings))}`);
    else if (setting.read !== undefined) config[key.name] = setting.read(reader, value) ?? config[key.name];
  });
  problems.sort((a, b) => a.at.start - b.at.start);
  // Each reader gives what its own row of the table says.
  return { path, folder, config: config as unknown as Config, problems };
}

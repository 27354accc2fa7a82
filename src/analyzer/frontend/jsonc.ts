import { ts } from './typescript';

/** The value of a JSON file with comments and trailing commas, as TypeScript reads its own; what can be had of a broken one. */
export function parseJsonc(text: string): unknown {
  return ts.parseConfigFileTextToJson('config.json', text).config;
}

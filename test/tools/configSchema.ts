/** The JSON schema of configuration files, from the table of rules. A test holds the file to it. */
import { writeFileSync } from 'node:fs';
import { rules } from '../../src/analyzer/rules';
import { configSchema } from '../../src/config/schema';

export const SCHEMA = 'media/normlens.schema.json';

export function schemaText(): string {
  return `${JSON.stringify(configSchema(rules), null, 2)}\n`;
}

/** Writes it: a part of `npm run readme`. */
export function writeSchema(): void {
  writeFileSync(SCHEMA, schemaText());
}

/**
 * Writes anew what the analyzer says of the playground's example program, when its words have changed:
 * `node test/tools/runTypeScript.mjs test/tools/playgroundExample.ts`, then `npm run format`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createAnalyzer } from '../../src/analyzer';
import { LineMap } from '../../src/analyzer/program/lineMap';
import { codeModels } from '../../src/present/codeModels';
import { EXAMPLE_NAME, EXAMPLE_SOURCE } from '../../webview/yourCode/example';

const FILE = 'webview/yourCode/example.ts';

export function run(): void {
  const lines = new LineMap(EXAMPLE_SOURCE);
  const uri = `file:///${EXAMPLE_NAME}`;
  const analyzer = createAnalyzer({ read: (path) => (path === `/${EXAMPLE_NAME}` ? EXAMPLE_SOURCE : undefined) });
  const models = codeModels(analyzer.analyze(`/${EXAMPLE_NAME}`), {
    uri,
    name: EXAMPLE_NAME,
    position: ({ start }) => {
      const { line, column } = lines.position(start);
      return { uri, line: line - 1, column: column - 1 };
    },
  });
  const [before = ''] = readFileSync(FILE, 'utf8').split('export const EXAMPLE:');
  writeFileSync(FILE, `${before}export const EXAMPLE: CodeModels = ${JSON.stringify(models, null, 2)};\n`);
}

/**
 * The tables of the README that the code knows better: `npm run readme` writes them between their markers,
 * `<!-- NAME -->` and `<!-- /NAME -->`. A test holds the README to them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import manifest from '../../package.json';
import { rules } from '../../src/analyzer/rules';
import { writeSchema } from './configSchema';
import { writePages } from './rulePages';

const README = 'README.md';

/** Each table by the name of its markers. */
export function tables(): Readonly<Record<string, string>> {
  return { rules: rulesTable(), settings: settingsTable(), commands: commandsTable() };
}

/** The text with every table in its place. A table whose markers are missing is an error. */
export function withTables(readme: string): string {
  return Object.entries(tables()).reduce((text, [name, table]) => {
    const pattern = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!pattern.test(text)) throw new Error(`${README} has no markers <!-- ${name} --> and <!-- /${name} -->`);
    return text.replace(pattern, (_, start: string, end: string) => `${start}\n${table}\n${end}`);
  }, readme);
}

function rulesTable(): string {
  const rows = [...rules]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name, severity, summary }) => [id, `[${name}](docs/rules/${name}.md)`, severity, summary]);
  return table(['id', 'rule', 'severity', 'what is wrong'], rows);
}

function settingsTable(): string {
  const rows = Object.entries(manifest.contributes.configuration.properties).map(([name, setting]) => [
    `\`${name}\``,
    `\`${JSON.stringify(setting.default)}\``,
    'markdownDescription' in setting ? setting.markdownDescription : setting.description,
  ]);
  return table(['setting', 'default', 'what it does'], rows);
}

function commandsTable(): string {
  const rows = manifest.contributes.commands.map(({ command, category, title }) => [
    `${category}: ${title}`,
    `\`${command}\``,
  ]);
  return table(['command', 'id'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `npm run readme`: the README, the schema, and what the code knows of the pages of the rules. */
export function run(): void {
  writeFileSync(README, withTables(readFileSync(README, 'utf8')));
  writeSchema();
  writePages();
}

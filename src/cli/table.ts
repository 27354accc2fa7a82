import { stripVTControlCharacters } from 'node:util';
import { widthOf } from './frame';
import type { Colors } from './terminal';

/** Columns as wide as their widest cell, indented, with a dim head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], colors: Colors): string {
  const width = (cell: string) => widthOf(stripVTControlCharacters(cell));
  const widths = head.map((name, column) => Math.max(width(name), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)))).join('  ')}`.trimEnd();
  return `${[colors.dim(line(head)), ...rows.map(line)].join('\n')}\n`;
}

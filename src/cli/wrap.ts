import { widthOf } from './frame';

/** Prose in lines of at most `width` columns, those after the first indented. Long words stay whole. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  let filled = 0;
  for (const word of text.trim().split(/\s+/)) {
    const wide = widthOf(word);
    if (line !== '' && filled + 1 + wide > width) {
      lines.push(line);
      line = '';
    }
    filled = line === '' ? wide : filled + 1 + wide;
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

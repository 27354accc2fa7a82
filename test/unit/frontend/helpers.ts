import { expect } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import type { ProgramFile } from '../../../src/analyzer/program/nodes';
import { children, type ProgramNode } from '../../../src/analyzer/program/walk';
import { printStatement } from './print';

/** The statements of `code`, one printed line each. Code that should be right must have no syntax problems. */
export function read(code: string, path = 'file.ts'): string {
  const file = parse(path, code);
  expect(file.problems).toEqual([]);
  return printed(file);
}

export function printed(file: ProgramFile): string {
  return file.body.map(printStatement).join('\n');
}

/** What every tree must hold to, broken code or not; returns the first breach in words, or undefined. */
export function breach(file: ProgramFile): string | undefined {
  const stack: (readonly [ProgramNode, number, number])[] = file.body.map((node) => [node, 0, file.text.length]);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [node, start, end] = next;
    const where = `${node.kind} [${node.start}, ${node.end})`;
    if (!(node.start >= start && node.end <= end && node.start <= node.end))
      return `${where} not in [${start}, ${end})`;
    const text = file.text.slice(node.start, node.end);
    const isName = node.kind === 'identifier' || node.kind === 'identifierPattern';
    // What stands nowhere in the text, the front end made of what a compiler wrote.
    if (isName && text !== '' && text !== node.name && !text.includes('\\'))
      return `${where} is named ${node.name}, reads ${text}`;
    if (node.kind === 'member') {
      const { start: from, end: to } = node.propertyRange;
      const property = file.text.slice(from, to);
      if (property !== '' && property !== node.property && !property.includes('\\'))
        return `${where} .${node.property} reads ${property}`;
    }
    for (const child of children(node)) stack.push([child, node.start, node.end]);
  }
  return undefined;
}

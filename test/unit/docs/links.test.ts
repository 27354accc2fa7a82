import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf } from '../../tools/markdown';

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** What is wrong with a relative link; undefined where its file is there, and the heading in it. */
function fault(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(file)) return `${target}: no ${file}`;
  if (anchor === undefined || statSync(file).isDirectory()) return undefined;
  return anchorsOf(readFileSync(file, 'utf8')).has(anchor) ? undefined : `${target}: no such heading`;
}

describe('the documentation', () => {
  it.each(pages)('%s links to pages and headings that are there', (page) => {
    const relative = linksOf(readFileSync(page, 'utf8')).filter((target) => !/^[a-z]+:/.test(target));
    expect(relative.map((target) => fault(page, target)).filter((words) => words !== undefined)).toEqual([]);
  });

  it('has links to check', () => {
    expect(linksOf(readFileSync('README.md', 'utf8')).length).toBeGreaterThan(50);
    expect(linksOf('`[a](b)` [c](d.md#e) ![f](g.png)\n```md\n[h](i)\n```\n')).toEqual(['d.md#e', 'g.png']);
    expect(fault('README.md', 'docs/nowhere.md')).toContain('no docs/nowhere.md');
    expect(fault('README.md', '#nowhere')).toContain('no such heading');
  });
});

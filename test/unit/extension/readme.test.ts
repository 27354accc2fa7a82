import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { withTables } from '../../tools/readmeTables';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it('has the tables of the code: `npm run readme` writes them', () => {
    expect(withTables(readme)).toBe(readme);
  });

  it('shows pictures that are there', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(pictures.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names only commands of npm that there are', () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discover, PathError } from '../../../src/disk/discover';
import { isSource } from '../../../src/shared/languages';
import { temporaryFolder } from './temporaryFolder';

const found = (folder: string, ...paths: string[]) =>
  discover(paths, folder)
    .map((file) => relative(folder, file))
    .sort();

/** What git itself would show: tracked or not, but not ignored. */
function gitFiles(folder: string): readonly string[] {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  git('init', '--quiet');
  return git('ls-files', '--others', '--exclude-standard', '-z')
    .split('\0')
    .filter((file) => isSource(file))
    .sort();
}

describe('a directory', () => {
  it('means every JavaScript and TypeScript file below it, by extension', () => {
    const names = ['a.ts', 'b.tsx', 'c.mts', 'd.cts', 'e.js', 'f.jsx', 'g.mjs', 'h.cjs', 'i.html', 'j.vue', 'k.svelte'];
    const folder = temporaryFolder(
      Object.fromEntries([...names, 'l.json', 'm.d.ts', 'n.d.mts', 'o.py'].map((n) => [n, ''])),
    );
    expect(found(folder, '.')).toEqual(names);
  });

  it('leaves out node_modules and .git, ignored or not', () => {
    const folder = temporaryFolder({
      'a.ts': '',
      'node_modules/x/index.js': '',
      '.git/hooks/x.js': '',
      'p/node_modules/y.js': '',
    });
    expect(found(folder, '.')).toEqual(['a.ts']);
  });

  it.each([
    ['a pattern at the root', { '.gitignore': 'dist\n*.gen.ts\n' }],
    ['a pattern that is anchored', { '.gitignore': '/src/a.ts\nlib/*.js\n' }],
    ['a directory pattern, which spares a file of that name', { '.gitignore': 'out/\nsrc/deep/\n' }],
    ['a negation', { '.gitignore': '*.js\n!src/keep.js\n' }],
    ['a negation inside an ignored directory, which git does not honour', { '.gitignore': 'dist/\n!dist/keep.js\n' }],
    ['a nested file that adds', { '.gitignore': '*.gen.ts\n', 'src/.gitignore': 'keep.js\n' }],
    [
      'a nested file that takes back',
      { '.gitignore': '*.js\n', 'src/.gitignore': '!keep.js\n', 'lib/.gitignore': '!*.js' },
    ],
    [
      'double stars, spaces and comments',
      { '.gitignore': '# all of these\n**/deep/**\nsrc/with space.ts\n\\#odd.ts\n' },
    ],
    ['no .gitignore at all', {}],
  ])('is read as git reads it: %s', (_, ignores) => {
    const folder = temporaryFolder({
      ...Object.fromEntries(
        [
          ...[
            'a.ts',
            'a.gen.ts',
            '#odd.ts',
            'src/a.ts',
            'src/keep.js',
            'src/drop.js',
            'src/with space.ts',
            'out',
            'out.ts',
          ],
          ...[
            'src/deep/b.ts',
            'src/deep/er/c.ts',
            'dist/keep.js',
            'dist/x.ts',
            'lib/m.js',
            'lib/n/m.js',
            'lib/out/o.ts',
          ],
        ].map((name) => [name, '']),
      ),
      ...ignores,
    });
    expect(found(folder, '.')).toEqual(gitFiles(folder));
  });

  it('below a repository’s root obeys the rules above it', () => {
    const folder = temporaryFolder({
      '.gitignore': '*.gen.ts\n/src/skip/\n',
      'src/a.ts': '',
      'src/b.gen.ts': '',
      'src/skip/c.ts': '',
    });
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(found(folder, 'src')).toEqual(['src/a.ts']);
  });

  it('obeys .git/info/exclude', () => {
    const folder = temporaryFolder({ 'a.ts': '', 'b.ts': '' });
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    mkdirSync(join(folder, '.git/info'), { recursive: true });
    execFileSync('sh', ['-c', 'echo b.ts >> .git/info/exclude'], { cwd: folder });
    expect(found(folder, '.')).toEqual(['a.ts']);
  });

  it('does not follow links to directories, as git does not', () => {
    const folder = temporaryFolder({ 'src/a.ts': '' });
    symlinkSync(folder, join(folder, 'src', 'loop'));
    expect(found(folder, '.')).toEqual(['src/a.ts']);
  });
});

describe('a file', () => {
  it('stands for itself, even where git ignores it', () => {
    const folder = temporaryFolder({ '.gitignore': 'a.ts\n', 'a.ts': '' });
    expect(found(folder, 'a.ts')).toEqual(['a.ts']);
  });

  it('is checked once, however often it is named', () => {
    const folder = temporaryFolder({ 'a.ts': '' });
    expect(found(folder, 'a.ts', '.', './a.ts')).toEqual(['a.ts']);
  });
});

describe('a pattern', () => {
  it('stands for what it matches, without node_modules', () => {
    const folder = temporaryFolder({ 'src/a.ts': '', 'src/b.js': '', 'lib/c.ts': '', 'node_modules/d.ts': '' });
    expect(found(folder, '**/*.ts')).toEqual(['lib/c.ts', 'src/a.ts']);
  });
});

describe('a path that cannot be checked is told in a sentence', () => {
  const folderOf = () => temporaryFolder({ 'notes.txt': '', 'types.d.ts': '' });

  it.each([
    ['gone.ts', 'gone.ts cannot be read: no such file or directory'],
    ['notes.txt', 'notes.txt is no JavaScript or TypeScript source file'],
    ['types.d.ts', 'types.d.ts is no JavaScript or TypeScript source file'],
    ['*.tsx', '*.tsx matches no JavaScript or TypeScript source file'],
    ['notes.txt/a.ts', 'notes.txt/a.ts cannot be read: no such file or directory'],
  ])('%s', (path, message) => {
    const folder = folderOf();
    expect(() => discover([path], folder)).toThrow(new PathError(message));
  });

  it('a link to itself', () => {
    const folder = folderOf();
    symlinkSync('loop.ts', join(folder, 'loop.ts'));
    expect(() => discover(['loop.ts'], folder)).toThrow(
      new PathError('loop.ts cannot be read: too many symbolic links'),
    );
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SourceFiles } from '../../../src/disk/sourceFiles';
import { temporaryFolder } from './temporaryFolder';

function sourceOf(content: string | Uint8Array, name = 'a.ts') {
  return new SourceFiles().source(join(temporaryFolder({ [name]: content }), name));
}

describe('the files of a disk', () => {
  it('have no text where there is no file', () => {
    expect(new SourceFiles().read(join(temporaryFolder({}), 'a.ts'))).toBeUndefined();
  });

  it('have none for a directory', () => {
    expect(new SourceFiles().read(temporaryFolder({}))).toBeUndefined();
  });

  it('are read without a byte order mark, as editors count columns', () => {
    expect(sourceOf('\ufeffconst a = 1;')).toEqual({ text: 'const a = 1;' });
  });

  it('are read in UTF-16 where their mark says so', () => {
    expect(sourceOf(new Uint8Array(Buffer.from('\ufeffconst ä = 1;', 'utf16le')))).toEqual({ text: 'const ä = 1;' });
  });

  it('may be empty', () => {
    expect(sourceOf('')).toEqual({ text: '' });
  });

  it('are refused where they are no text', () => {
    expect(sourceOf(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1))).toEqual({ problem: 'not a text file' });
  });

  it('are refused where a machine has written megabytes in few lines', () => {
    expect(sourceOf(`var a=[${'1,'.repeat(600_000)}];\n`)).toEqual({ problem: 'minified' });
  });

  it('are read where people have written a megabyte', () => {
    expect(sourceOf('const layer = 1;\n'.repeat(70_000))).toHaveProperty('text');
  });

  it('are refused above eight megabytes', () => {
    expect(sourceOf('const layer = 1;\n'.repeat(600_000))).toEqual({ problem: 'larger than 8 MB' });
  });
});

import { readFileSync, statSync } from 'node:fs';
import type { Files } from '../analyzer/analysis';
import { LineMap } from '../analyzer/program/lineMap';
import { decode, isUtf16 } from './encoding';

const MEGABYTE = 1 << 20;
/** No file that people write is longer. */
const LARGEST = 8 * MEGABYTE;
/** Above one megabyte, lines this long on average are a machine's. */
const MINIFIED_LINE = 300;

/** A file's text, or in words why it has none that could be checked. */
export type Source = { readonly text: string } | { readonly problem: string };

/** The files of a disk, each read once. Paths are absolute, with forward slashes. */
export class SourceFiles implements Files {
  readonly #sources = new Map<string, Source | undefined>();
  readonly #lines = new Map<string, LineMap>();

  /** The text of a file; undefined where there is no such file or it cannot be checked. */
  read(path: string): string | undefined {
    const source = this.source(path);
    return source !== undefined && 'text' in source ? source.text : undefined;
  }

  /** As `read`, but with the reason where a file is there and cannot be checked. */
  source(path: string): Source | undefined {
    if (!this.#sources.has(path)) this.#sources.set(path, readSource(path));
    return this.#sources.get(path);
  }

  /** From now on a file has this text, whatever the disk says. */
  replace(path: string, text: string): void {
    this.#sources.set(path, { text });
    this.#lines.delete(path);
  }

  /** Lines and columns of a file. A file that is not there has none but the first. */
  lines(path: string): LineMap {
    const known = this.#lines.get(path);
    if (known !== undefined) return known;
    const lines = new LineMap(this.read(path) ?? '');
    this.#lines.set(path, lines);
    return lines;
  }
}

function readSource(path: string): Source | undefined {
  let bytes: Buffer;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return undefined;
    if (stats.size > LARGEST) return { problem: `larger than ${LARGEST / MEGABYTE} MB` };
    bytes = readFileSync(path);
  } catch (error) {
    return { problem: inWords(error) };
  }
  if (isBinary(bytes)) return { problem: 'not a text file' };
  const text = decode(bytes);
  const minified = text.length > MEGABYTE && text.length / new LineMap(text).lineCount > MINIFIED_LINE;
  return minified ? { problem: 'minified' } : { text };
}

/** Git's own test: a zero byte near the beginning, except in UTF-16. */
function isBinary(bytes: Buffer): boolean {
  return !isUtf16(bytes) && bytes.subarray(0, 8000).includes(0);
}

const ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'no such file or directory',
  EISDIR: 'a directory',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
};

/** What the system says of a file, as a person would. */
export function inWords(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ERRORS[code] ?? (error instanceof Error ? error.message : String(error));
}

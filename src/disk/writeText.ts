import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { encodeAs } from './encoding';
import { inWords } from './sourceFiles';

/**
 * Writes a file's new text in one step: whoever reads meanwhile sees the old one or the new one, whole. Encoding, byte
 * order mark and permissions stay; a link stays a link.
 * @param before the text as it was read
 * @returns in words why nothing was written; undefined where it was
 */
export function writeText(path: string, before: string, after: string): string | undefined {
  let temporary: string | undefined;
  try {
    const target = realpathSync(path);
    const bytes = readFileSync(target);
    if (!encodeAs(bytes, before).equals(bytes)) return 'it is another now than was read, or no valid text';
    temporary = `${target}.normlens-${process.pid}`;
    const { mode } = statSync(target);
    writeFileSync(temporary, encodeAs(bytes, after), { flag: 'wx', mode });
    chmodSync(temporary, mode);
    renameSync(temporary, target);
    return undefined;
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    return inWords(error);
  }
}

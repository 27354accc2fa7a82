import { URI } from 'vscode-uri';
import { extensionOf, isSource, LANGUAGES } from '../shared/languages';

/** `/vscode-vfs:/github/owner/repo/a.ts`: a file that is on no disk, as a path. */
const VIRTUAL = /^\/([a-z][a-z\d+.-]*):\/([^/]*)(\/.*)?$/i;

/** The editor's addresses as the analyzer's paths (absolute, forward slashes), and back. */
export class Paths {
  readonly #uris = new Map<string, string>();

  /** A document whose name does not tell its language (an untitled one) gets the extension of `languageId`. */
  toPath(uri: string, languageId?: string): string {
    const parsed = URI.parse(uri);
    const bare =
      parsed.scheme === 'file'
        ? parsed.fsPath.replaceAll('\\', '/')
        : `/${parsed.scheme}:/${parsed.authority}${parsed.path.startsWith('/') ? '' : '/'}${parsed.path}`;
    const missing = languageId === undefined || isSource(bare) || extensionOf(bare) !== '';
    const path = missing ? bare : bare + (LANGUAGES[languageId] ?? '');
    this.#uris.set(path, uri);
    return path;
  }

  /** The address that a path came from, or the one it stands for. */
  toUri(path: string): string {
    const known = this.#uris.get(path);
    if (known !== undefined) return known;
    const [, scheme, authority, rest] = VIRTUAL.exec(path) ?? [];
    if (scheme === undefined) return URI.file(path).toString();
    return URI.from({ scheme, authority: authority ?? '', path: rest ?? '' }).toString();
  }
}

/** Whether a path lies on a disk. */
export function isOnDisk(path: string): boolean {
  return !VIRTUAL.test(path);
}

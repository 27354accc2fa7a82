import { discover } from '../../disk/discover';
import { SourceFiles } from '../../disk/sourceFiles';
import type { Host } from '../host';
import { isOnDisk } from '../paths';

/** A host with a disk. It keeps no text: the analyzer asks again only for what changed. */
export function diskHost(): Host {
  return {
    read: (path) => (isOnDisk(path) ? new SourceFiles().read(path) : 'ask'),
    // Node shows V8's collector to those who start it with --expose-gc: the extension does.
    collect: () => (globalThis as { readonly gc?: () => void }).gc?.(),
    findFiles: (folders) => (folders.every(isOnDisk) ? discover(folders, '/') : undefined),
  };
}

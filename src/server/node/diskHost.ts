import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { discover } from '../../disk/discover';
import { SourceFiles } from '../../disk/sourceFiles';
import type { Host } from '../host';
import { isOnDisk } from '../paths';

/** A host with a disk. It keeps no text: the analyzer asks again only for what changed. */
export function diskHost(): Host {
  return {
    read: (path) => (isOnDisk(path) ? new SourceFiles().read(path) : 'ask'),
    collect: garbageCollection(),
    findFiles: (folders) => (folders.every(isOnDisk) ? discover(folders, '/') : undefined),
  };
}

/** V8's collector, which Node shows only where a flag asks for it when a context is made. */
function garbageCollection(): () => void {
  let collect: (() => void) | undefined;
  return () => {
    if (collect === undefined) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as () => void;
      setFlagsFromString('--no-expose-gc');
    }
    collect();
  };
}

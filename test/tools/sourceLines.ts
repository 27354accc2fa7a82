/** Which line of a program a stack trace points to, through the source map of its transpiled text. */
import { SourceMap, type SourceMapPayload } from 'node:module';

export interface Frame {
  readonly line: number;
  readonly column: number;
}

/** @param path the file name under which the program runs; only its frames count */
export class SourceLines {
  readonly #path: string;
  readonly #map: SourceMap;
  readonly #frame: RegExp;

  constructor(path: string, map: string) {
    this.#path = path;
    this.#map = new SourceMap(JSON.parse(map) as SourceMapPayload);
    this.#frame = new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+):(\\d+)`);
  }

  /** The innermost frame in the program, 1-based in its source; undefined where the stack never touches it. */
  innermost(stack: string | undefined): Frame | undefined {
    return this.frames(stack)[0];
  }

  /** All frames in the program, innermost first. */
  frames(stack: string | undefined): readonly Frame[] {
    if (stack === undefined || !stack.includes(this.#path)) return [];
    return stack.split('\n').flatMap((line) => {
      const at = this.#frame.exec(line);
      return at === null ? [] : [this.#original(Number(at[1]), Number(at[2]))];
    });
  }

  /** The program's own frame where it is the nth of the stack (0 is the caller of whoever captured it), else undefined. */
  frameAt(stack: string | undefined, n: number): Frame | undefined {
    const line = stack?.split('\n').filter((text) => /^\s+at /.test(text))[n];
    return line === undefined ? undefined : this.innermost(line);
  }

  #original(line: number, column: number): Frame {
    const entry = this.#map.findEntry(line - 1, column - 1);
    return 'originalLine' in entry
      ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
      : { line, column };
  }
}

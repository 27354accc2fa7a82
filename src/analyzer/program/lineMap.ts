/** A place in a text: both numbers from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineFeed = 10;
const carriageReturn = 13;

/** Offsets ↔ lines and columns. A line ends with `\n`, `\r\n` or `\r`, as in VS Code's documents. */
export class LineMap {
  /** Offset of the first character of each line. */
  readonly #starts: readonly number[];
  readonly #text: string;

  constructor(text: string) {
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === lineFeed || (code === carriageReturn && text.charCodeAt(i + 1) !== lineFeed)) starts.push(i + 1);
    }
    this.#starts = starts;
    this.#text = text;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The line and column of `offset`; offsets outside the text count as its nearest end. */
  position(offset: number): Position {
    const clamped = Math.min(Math.max(offset, 0), this.#text.length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#startOf(middle) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: clamped - this.#startOf(low) + 1 };
  }

  /** The offset of a line and column. Beyond a line's end counts as its end, before its line break. */
  offset(line: number, column: number): number {
    if (line < 1) return 0;
    if (line > this.#starts.length) return this.#text.length;
    const start = this.#startOf(line - 1);
    return Math.min(start + Math.max(column - 1, 0), start + this.lineText(line).length);
  }

  /** A line without its line break; empty where there is no such line. */
  lineText(line: number): string {
    if (line < 1 || line > this.#starts.length) return '';
    const end = line < this.#starts.length ? this.#startOf(line) : this.#text.length;
    return this.#text.slice(this.#startOf(line - 1), end).replace(/[\r\n]+$/, '');
  }

  #startOf(index: number): number {
    return this.#starts[index] ?? this.#text.length;
  }
}

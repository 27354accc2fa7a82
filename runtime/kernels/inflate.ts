// Decompression of raw DEFLATE (RFC 1951), synchronously: hosts offer it only as a stream. It halves what the kernels take
// in the bundle. The input comes from our own build, so it is trusted to be well-formed, but for its end.

/** A Huffman code (section 3.2.2): how many codes each length has, and the symbols in order of their codes. */
interface Huffman {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function huffman(lengths: ArrayLike<number>): Huffman {
  const counts = new Uint16Array(16);
  const all = Array.from(lengths);
  for (const length of all) if (length) counts[length] = (counts[length] ?? 0) + 1;
  const symbols = all
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map(({ symbol }) => symbol);
  return { counts, symbols: Uint16Array.from(symbols) };
}

/** Base values that grow by 2^extra (section 3.2.5). */
function bases(extra: readonly number[], first: number): number[] {
  let base = first;
  return extra.map((bits) => {
    base += 2 ** bits;
    return base - 2 ** bits;
  });
}

const lengthBits = Array.from({ length: 29 }, (_, i) => (i < 4 || i === 28 ? 0 : (i >> 2) - 1));
const lengthBases = bases(lengthBits, 3).map((base, i) => (i === 28 ? 258 : base));
const distanceBits = Array.from({ length: 30 }, (_, i) => (i < 2 ? 0 : (i >> 1) - 1));
const distanceBases = bases(distanceBits, 1);
const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const fixedLengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));

/** The bytes that `input` holds, deflated. */
export function inflate(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const output: number[] = [];
  let position = 0; // in bits

  const bits = (n: number): number => {
    let value = 0;
    if (position + n > input.length * 8) throw new Error('The deflated data end early');
    for (let i = 0; i < n; i++, position++) value |= (((input[position >> 3] ?? 0) >> (position & 7)) & 1) << i;
    return value;
  };

  const decode = ({ counts, symbols }: Huffman): number => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; ; length++) {
      code |= bits(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
  };

  /** The two codes of a dynamic block (section 3.2.7). */
  const dynamicCodes = (): readonly [Huffman, Huffman] => {
    const [literals, distances, codes] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const lengths = new Array<number>(19).fill(0);
    for (const symbol of order.slice(0, codes)) lengths[symbol] = bits(3);
    const code = huffman(lengths);
    const all: number[] = [];
    while (all.length < literals + distances) {
      const symbol = decode(code);
      if (symbol < 16) all.push(symbol);
      else {
        const value = symbol === 16 ? (all.at(-1) ?? 0) : 0;
        const times = symbol === 16 ? 3 + bits(2) : symbol === 17 ? 3 + bits(3) : 11 + bits(7);
        for (let i = 0; i < times; i++) all.push(value);
      }
    }
    return [huffman(all.slice(0, literals)), huffman(all.slice(literals))];
  };

  const block = ([literals, distances]: readonly [Huffman, Huffman]): void => {
    for (let symbol = decode(literals); symbol !== 256; symbol = decode(literals)) {
      if (symbol < 256) {
        output.push(symbol);
        continue;
      }
      const length = (lengthBases[symbol - 257] ?? 0) + bits(lengthBits[symbol - 257] ?? 0);
      const far = decode(distances);
      const distance = (distanceBases[far] ?? 0) + bits(distanceBits[far] ?? 0);
      for (let i = 0; i < length; i++) output.push(output[output.length - distance] ?? 0);
    }
  };

  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      position = (position + 7) & ~7;
      const length = bits(16);
      bits(16);
      for (let i = 0; i < length; i++) output.push(bits(8));
    } else block(kind === 1 ? [huffman(fixedLengths), huffman(new Array<number>(30).fill(5))] : dynamicCodes());
  }
  return Uint8Array.from(output);
}

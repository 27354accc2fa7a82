/** '\', which a string would escape, is written '~'. */
const digitOf = (code: number): number => (code === 126 ? 57 : code - 35);

/**
 * The bytes of a text of base 91 as build.js writes it: two digits for 13 bits, the lower ones first. A zero may follow the
 * original bytes.
 */
export function fromBase91(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((text.length * 13) >> 4);
  let word = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; i += 2) {
    word |= (digitOf(text.charCodeAt(i)) + 91 * digitOf(text.charCodeAt(i + 1))) << held;
    for (held += 13; held > 7; held -= 8, word >>= 8) bytes[at++] = word;
  }
  return bytes;
}

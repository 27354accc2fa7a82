/**
 * The bytes of a text of base 85 as build.js writes it: five digits a word of four bytes, the lowest first. Up to three
 * zeros may follow the original bytes.
 */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
  const words = new DataView(new ArrayBuffer((text.length / 5) * 4));
  let word = 0;
  let place = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // '~' and '}' stand for two characters that a string or a page would escape.
    word += place * ((code === 126 ? 92 : code === 125 ? 60 : code) - 40);
    place *= 85;
    if (i % 5 < 4) continue;
    words.setUint32(((i - 4) / 5) * 4, word, true);
    word = 0;
    place = 1;
  }
  return new Uint8Array(words.buffer);
}

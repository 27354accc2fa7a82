const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARK = Buffer.from([0xff, 0xfe]);

/** A file's text without its byte order mark, as editors count. */
export function decode(bytes: Buffer): string {
  return new TextDecoder(isUtf16(bytes) ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** A text in the encoding that `bytes` have, with the byte order mark that they begin with. */
export function encodeAs(bytes: Buffer, text: string): Buffer {
  if (isUtf16(bytes)) return Buffer.concat([UTF16_MARK, Buffer.from(text, 'utf16le')]);
  const marked = bytes.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
  return Buffer.concat([marked ? UTF8_MARK : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
}

export function isUtf16(bytes: Buffer): boolean {
  return bytes.subarray(0, UTF16_MARK.length).equals(UTF16_MARK);
}

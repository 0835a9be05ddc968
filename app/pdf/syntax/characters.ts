/** Classes of bytes in a PDF file (ISO 32000-1, 7.2.2). */
const WHITE = new Uint8Array(256);
const DELIMITER = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) WHITE[byte] = 1;
for (const char of '()<>[]{}/%') DELIMITER[char.charCodeAt(0)] = 1;

export const isWhite = (byte: number | undefined): boolean => byte !== undefined && WHITE[byte] === 1;
export const isDelimiter = (byte: number | undefined): boolean => byte !== undefined && DELIMITER[byte] === 1;
export const isRegular = (byte: number | undefined): boolean =>
  byte !== undefined && WHITE[byte] === 0 && DELIMITER[byte] === 0;
export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** First byte from `at` that is neither white space nor in a comment. */
export function skipWhite(bytes: Uint8Array, at: number): number {
  let position = at;
  for (;;) {
    while (isWhite(bytes[position])) position++;
    if (bytes[position] !== 0x25) return position;
    while (position < bytes.length && bytes[position] !== 10 && bytes[position] !== 13) position++;
  }
}

/** Position behind the literal string that opens at `at`; the length of the file when it does not close. */
export function skipLiteral(bytes: Uint8Array, at: number): number {
  let depth = 0;
  for (let position = at; position < bytes.length; position++) {
    const byte = bytes[position];
    if (byte === 0x5c) position++;
    else if (byte === 0x28) depth++;
    else if (byte === 0x29 && --depth === 0) return position + 1;
  }
  return bytes.length;
}

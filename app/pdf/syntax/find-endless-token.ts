import { isDigit, isRegular, isWhite, skipLiteral, skipWhite } from './characters.ts';

/** Bytes looked at, as a multiple of the file's size: objects that never end are read to the end of the file each time. */
const MAX_WORK = 8;

/**
 * Looks for what makes the parser of @libpdf/core (0.4.2) run for ever: a `)`, `{` or `}` where an item of an array or a
 * key should begin is a token of length zero to it. Every object is followed as that parser would follow it. Not followed
 * are objects within object streams and those that a forged cross-reference finds in the middle of another: for them there
 * is the job's deadline.
 * @returns the offset of the first such byte, or of the object at which it became too much work; undefined for a file that
 *   is fit to be parsed
 */
export function findEndlessToken(bytes: Uint8Array): number | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let budget = file.length * MAX_WORK + 1024;
  for (let word = file.indexOf('obj'); word >= 0; word = file.indexOf('obj', word + 3)) {
    if (!followsNumber(file, word)) continue;
    const { end, endless } = followObject(file, word + 3);
    if (endless) return end;
    budget -= end - word;
    if (budget < 0) return word;
  }
  return undefined;
}

function followsNumber(file: Buffer, at: number): boolean {
  let before = at - 1;
  while (isWhite(file[before])) before--;
  return isDigit(file[before]);
}

/** Reads tokens until the object that begins here is complete, or the file ends. */
function followObject(file: Buffer, from: number): { end: number; endless: boolean } {
  const open: ('array' | 'dictionary')[] = [];
  let at = from;
  do {
    at = skipWhite(file, at);
    switch (file[at]) {
      case undefined:
        return { end: at, endless: false };
      case 0x29: // )
      case 0x7b: // {
      case 0x7d: // }
        return { end: at, endless: open.length > 0 };
      case 0x28: // (
        at = skipLiteral(file, at);
        break;
      case 0x3c: // <
        if (file[at + 1] === 0x3c) {
          open.push('dictionary');
          at += 2;
        } else {
          const close = file.indexOf(0x3e, at);
          at = close < 0 ? file.length : close + 1;
        }
        break;
      case 0x3e: // a single > counts as two
        if (open.at(-1) === 'array') return { end: at, endless: false }; // an error to the parser
        open.pop();
        at += file[at + 1] === 0x3e ? 2 : 1;
        break;
      case 0x5b: // [
        open.push('array');
        at++;
        break;
      case 0x5d: // ], skipped in a dictionary
        if (open.at(-1) === 'array') open.pop();
        at++;
        break;
      default:
        at++; // a slash, or the first letter of a word
        while (isRegular(file[at])) at++;
    }
  } while (open.length > 0);
  return { end: at, endless: false };
}

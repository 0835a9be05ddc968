import { createHash } from 'node:crypto';
import { cleanLine } from './clean-text.ts';
import { readPng } from './read-png.ts';
import { SignerRefusal } from './signer-refusal.ts';

export const MARK_TEXT_MAX = 100;
export const MARK_MAX_BYTES = 300_000;
export const MARK_MAX_SIZE = { width: 2000, height: 1000 };

/** As the page sends it. */
export type GivenMark =
  { readonly kind: 'drawn'; readonly image: string } | { readonly kind: 'typed'; readonly text: string };

export type ReadMark =
  | { readonly kind: 'drawn'; readonly png: Uint8Array; readonly sha256: string }
  | { readonly kind: 'typed'; readonly text: string };

const DATA_URL = 'data:image/png;base64,';

/** @throws SignerRefusal `mark_missing`, `mark_too_long`, `mark_invalid` */
export function readMark(given: GivenMark): ReadMark {
  return given.kind === 'typed' ? readTyped(given.text) : readDrawn(given.image);
}

function readTyped(given: string): ReadMark {
  const text = cleanLine(given);
  if (!/\p{L}/u.test(text)) throw new SignerRefusal('mark_missing');
  if (text.length > MARK_TEXT_MAX) throw new SignerRefusal('mark_too_long', { max: MARK_TEXT_MAX });
  return { kind: 'typed', text };
}

function readDrawn(image: string): ReadMark {
  if (!image) throw new SignerRefusal('mark_missing');
  const base64 = image.slice(DATA_URL.length);
  if (!image.startsWith(DATA_URL) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new SignerRefusal('mark_invalid');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > MARK_MAX_BYTES) throw new SignerRefusal('mark_invalid');
  const png = readPng(bytes, MARK_MAX_SIZE);
  if (!png) throw new SignerRefusal('mark_invalid');
  if (png.empty) throw new SignerRefusal('mark_missing');
  return { kind: 'drawn', png: png.bytes, sha256: createHash('sha256').update(png.bytes).digest('hex') };
}

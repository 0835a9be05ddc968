import { promisify } from 'node:util';
import { crc32, inflate } from 'node:zlib';
import { OfficeRefusal } from './office-refusal.ts';

export const MAX_PNG_BYTES = 1024 * 1024;
const MIN_SIDE = 8;
const MAX_SIDE = 4000;
/** A picture is unpacked to at most this many bytes, whatever its head claims. */
const MAX_PIXEL_BYTES = 48 * 1024 * 1024;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels of each colour type, and its permitted bit depths (PNG, third edition, table 12). */
const COLOUR_TYPES: Record<number, { channels: number; depths: readonly number[] }> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
const unpack = promisify(inflate);

/**
 * Makes sure that a file is a PNG which can be drawn later: structure, checksums, dimensions and pixel data.
 * @returns width and height in pixels
 * @throws OfficeRefusal `png_*`
 */
export async function checkPng(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  if (bytes.length === 0) throw new OfficeRefusal('png_missing');
  if (bytes.length > MAX_PNG_BYTES) throw new OfficeRefusal('png_too_large');
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new OfficeRefusal('png_not_png');

  const chunks = readChunks(file);
  const head = chunks[0];
  if (head?.type !== 'IHDR' || head.data.length !== 13 || chunks.at(-1)?.type !== 'IEND') {
    throw new OfficeRefusal('png_damaged');
  }
  const width = head.data.readUInt32BE(0);
  const height = head.data.readUInt32BE(4);
  const depth = head.data.readUInt8(8);
  const colour = COLOUR_TYPES[head.data.readUInt8(9)];
  const interlace = head.data.readUInt8(12);
  if (!colour?.depths.includes(depth) || interlace > 1) throw new OfficeRefusal('png_damaged');
  const sides = [width, height];
  if (Math.min(...sides) < MIN_SIDE || Math.max(...sides) > MAX_SIDE) {
    throw new OfficeRefusal('png_dimensions', { min: MIN_SIDE, max: MAX_SIDE });
  }

  const rowBytes = Math.ceil((width * colour.channels * depth) / 8);
  const pixelBytes = height * (rowBytes + 1);
  if (pixelBytes > MAX_PIXEL_BYTES)
    throw new OfficeRefusal('png_dimensions', { min: MIN_SIDE, max: MAX_SIDE });
  const packed = Buffer.concat(chunks.filter((chunk) => chunk.type === 'IDAT').map((chunk) => chunk.data));
  // Adam7 splits the rows: some more filter bytes and padding, never twice as much.
  const limit = interlace === 1 ? pixelBytes * 2 : pixelBytes;
  const pixels = await unpack(packed, { maxOutputLength: limit }).catch(() => undefined);
  if (!pixels || pixels.length < pixelBytes) throw new OfficeRefusal('png_damaged');
  return { width, height };
}

function readChunks(file: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > file.length) break;
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) break;
    chunks.push({ type, data: file.subarray(at + 8, end - 4) });
    if (type === 'IEND') break;
    at = end;
  }
  return chunks;
}

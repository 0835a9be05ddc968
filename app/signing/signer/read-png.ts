import { crc32, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const KEPT = new Set(['IHDR', 'IDAT', 'IEND']);

export interface Png {
  readonly width: number;
  readonly height: number;
  /** Rebuilt from the chunks that make the picture: no text, no metadata, nothing behind the end. */
  readonly bytes: Buffer;
  /** Whether anything is drawn on the (transparent) canvas. */
  readonly empty: boolean;
}

/**
 * Reads a PNG as a browser's canvas makes it: 8 bits a channel, RGB or RGBA, not interlaced
 * (https://www.w3.org/TR/png-3/). Everything else is undefined, so that nothing strange reaches the PDF writer.
 * @param limits largest width and height in pixels; checked before anything is unpacked
 */
export function readPng(bytes: Buffer, limits: { width: number; height: number }): Png | undefined {
  const chunks = readChunks(bytes);
  const [header] = chunks ?? [];
  if (!chunks || header?.type !== 'IHDR' || header.data.length !== 13) return undefined;
  const width = header.data.readUInt32BE(0);
  const height = header.data.readUInt32BE(4);
  const [depth, colour, compression, filter, interlace] = header.data.subarray(8);
  const channels = colour === 6 ? 4 : colour === 2 ? 3 : 0;
  if (width < 1 || height < 1 || width > limits.width || height > limits.height) return undefined;
  if (depth !== 8 || channels === 0 || compression !== 0 || filter !== 0 || interlace !== 0) return undefined;

  const row = 1 + width * channels;
  const pixels = unpack(chunks, row * height);
  if (!pixels) return undefined;
  return { width, height, bytes: join(chunks), empty: isBlank(pixels, row) };
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  readonly whole: Buffer;
}

function readChunks(bytes: Buffer): Chunk[] | undefined {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return undefined;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (KEPT.has(type))
      chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    else if (/^[A-Z]/.test(type)) return undefined; // a critical chunk that we do not know
    if (type === 'IEND') return chunks;
    at = end;
  }
  return undefined;
}

function unpack(chunks: readonly Chunk[], length: number): Buffer | undefined {
  const packed = chunks.filter((chunk) => chunk.type === 'IDAT').map((chunk) => chunk.data);
  try {
    const pixels = inflateSync(Buffer.concat(packed), { maxOutputLength: length });
    return pixels.length === length ? pixels : undefined;
  } catch {
    return undefined;
  }
}

const join = (chunks: readonly Chunk[]): Buffer =>
  Buffer.concat([SIGNATURE, ...chunks.map((chunk) => chunk.whole)]);

/** A transparent canvas is zeros in every filter; the first byte of a row names its filter. */
const isBlank = (pixels: Buffer, row: number): boolean =>
  pixels.every((byte, index) => index % row === 0 || byte === 0);

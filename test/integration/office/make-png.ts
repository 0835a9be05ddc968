import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export interface PngOptions {
  /** What the head claims, when it is to lie about the pixels. */
  readonly claimedHeight?: number;
  readonly pixels?: Buffer;
}

/** A PNG with a slanted stroke, grey with alpha. */
export function makePng(
  width = 60,
  height = 24,
  { claimedHeight = height, pixels }: PngOptions = {},
): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 2));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const on = Math.abs(x - (y * width) / height) < 3;
      rows[y * (1 + width * 2) + 1 + x * 2 + 1] = on ? 255 : 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(claimedHeight, 4);
  head.set([8, 4, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', pixels ?? deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

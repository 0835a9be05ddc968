import { crc32, deflateSync } from 'node:zlib';

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A hand-drawn looking stroke as a PNG with a transparent ground (PNG, third edition). */
export function signaturePng(width = 320, height = 120): Buffer {
  const rows = Buffer.alloc((width * 4 + 1) * height);
  const dot = (x: number, y: number): void => {
    for (let dx = -2; dx <= 2; dx++) {
      for (let dy = -2; dy <= 2; dy++) {
        const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
        if (dx * dx + dy * dy > 5 || px < 0 || py < 0 || px >= width || py >= height) continue;
        rows.set([20, 44, 120, 255], py * (width * 4 + 1) + 1 + px * 4);
      }
    }
  };
  for (let step = 0; step <= 4000; step++) {
    const t = step / 4000;
    const x = 20 + t * (width - 60) + 18 * Math.sin(t * 26);
    const y = height / 2 + 34 * Math.sin(t * 20) * (1 - t * 0.6) + 8 * Math.cos(t * 7);
    dot(x, y);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

/** What shrinks to a third; everything else is compressed already. */
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
/** Not the best: a file is compressed when it is first asked for, and somebody waits for it. */
const LEVEL = 6;

const ENCODERS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: LEVEL } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: LEVEL }),
};
/** Names that cannot lead out of the folder. */
const PLAIN_PATH = /^(?:\/[\w-]+(?:\.[\w-]+)*)+$/;

/**
 * Files of a folder as browsers take them fastest; pdf.js alone is 1.8 MB on a phone's line, 0.5 MB compressed. Each is
 * compressed once and kept: they are few and never change while the program runs. What it does not take goes on to the
 * next handler.
 */
export function createCompressedFiles(folder: string): RequestHandler {
  const kept = new Map<string, Promise<Buffer>>();
  return async (req, res, next) => {
    const type = TYPES[extname(req.path)];
    const encoding = req.acceptsEncodings(Object.keys(ENCODERS));
    const encode = encoding ? ENCODERS[encoding] : undefined;
    if (req.method !== 'GET' || !type || !encode || req.get('range') || !PLAIN_PATH.test(req.path)) {
      next();
      return;
    }
    const key = `${encoding}:${req.path}`;
    const made = kept.get(key) ?? readFile(join(folder, req.path)).then(encode);
    kept.set(key, made);
    const bytes = await made.catch(() => undefined);
    if (!bytes) {
      kept.delete(key);
      next();
      return;
    }
    res.set({
      'Content-Type': type,
      'Content-Encoding': String(encoding),
      Vary: 'Accept-Encoding',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
    res.send(bytes);
  };
}

import { once } from 'node:events';
import type { Request, Response } from 'express';
import type { StoredFile } from '../domain/signing.ts';
import type { FileStore } from '../ports/file-store.ts';

/** Read from the store and handed on at a time: what a download of any size takes of our memory. */
const BLOCK_BYTES = 1 << 20;

export type SendFile = (
  req: Request,
  res: Response,
  file: StoredFile,
  /** Under which name, and whether a browser shows it or saves it. */
  as: { readonly name: string; readonly kind: 'inline' | 'attachment' },
) => Promise<void>;

/**
 * Sends a stored PDF, whole or in a range (RFC 9110 14). Only what is asked for is read from the store: the first page of
 * a large document costs a small part of it.
 */
export function createSendFile({ files }: { files: Pick<FileStore, 'getRange'> }): SendFile {
  /** Block by block, as fast as the reader takes them, and no further once the reader is gone. */
  async function send(res: Response, { fileId }: StoredFile, start: number, end: number): Promise<void> {
    for (let at = start; at < end && !res.destroyed;) {
      const block = await files.getRange(fileId, at, Math.min(end, at + BLOCK_BYTES));
      // Shorter than was promised: the connection has to break, or the reader takes a part for the whole.
      if (block.length === 0) throw new Error(`file ${fileId} ends at ${at} of ${end}`);
      at += block.length;
      if (!res.write(block) && !res.destroyed) await drained(res);
    }
    res.end();
  }

  return async (req, res, file, { name, kind }) => {
    const { size, sha256 } = file;
    const etag = `"${sha256}"`;
    res.set({
      'Content-Type': 'application/pdf',
      'Content-Disposition': disposition(kind, name),
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'private, no-store',
      ETag: etag,
    });
    const ifRange = req.get('if-range');
    const ranges = ifRange !== undefined && ifRange !== etag ? undefined : req.range(size);
    if (ranges === -1) {
      res.status(416).set('Content-Range', `bytes */${size}`).end();
      return;
    }
    const [range] = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges : [];
    const [start, end] = range ? [range.start, range.end + 1] : [0, size];
    if (range) res.status(206).set('Content-Range', `bytes ${start}-${end - 1}/${size}`);
    res.set('Content-Length', String(end - start));
    if (req.method === 'HEAD') res.end();
    else await send(res, file, start, end);
  };
}

/** When more can be written, or nobody is there any more. */
async function drained(res: Response): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]);
  over.abort();
}

/** RFC 6266: a plain name for old programs, the real one percent-encoded; no quote or line end gets through. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const file = /\.pdf$/i.test(name) ? name : `${name}.pdf`;
  const plain = file.replace(/[^\w .()-]+/g, '_').slice(0, 100);
  const encoded = encodeURIComponent(file.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

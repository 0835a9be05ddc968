import type { Request, Response } from 'express';
import type { StoredFile } from '../domain/signing.ts';
import type { FileStore } from '../ports/file-store.ts';

/** Bytes kept for the next range request of the same document; pdf.js asks for a large one in many parts. */
const CACHE_BYTES = 64 * 1024 * 1024;

export type SendFile = (req: Request, res: Response, file: StoredFile, name: string) => Promise<void>;

/**
 * Sends a stored PDF, whole or in a range (RFC 9110 14), shown in the browser or with `?download` saved.
 * @returns a function for the routes; it keeps the bytes of the last files in memory
 */
export function createSendFile({ files }: { files: FileStore }): SendFile {
  const cache = new Map<string, { size: number; bytes: Promise<Uint8Array> }>();

  function load({ fileId, size }: StoredFile): Promise<Uint8Array> {
    const found = cache.get(fileId);
    if (found) return found.bytes;
    const bytes = files.get(fileId);
    bytes.catch(() => cache.delete(fileId));
    cache.set(fileId, { size, bytes });
    let total = [...cache.values()].reduce((sum, entry) => sum + entry.size, 0);
    for (const [id, entry] of cache) {
      if (total <= CACHE_BYTES || id === fileId) break;
      cache.delete(id);
      total -= entry.size;
    }
    return bytes;
  }

  return async (req, res, file, name) => {
    const loaded = await load(file);
    const bytes = Buffer.from(loaded.buffer, loaded.byteOffset, loaded.byteLength);
    const etag = `"${file.sha256}"`;
    res.set({
      'Content-Type': 'application/pdf',
      'Content-Disposition': disposition(req.query['download'] === undefined ? 'inline' : 'attachment', name),
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'private, no-store',
      ETag: etag,
    });
    const ifRange = req.get('if-range');
    const ranges = ifRange !== undefined && ifRange !== etag ? undefined : req.range(bytes.length);
    if (ranges === -1) {
      res.status(416).set('Content-Range', `bytes */${bytes.length}`).end();
      return;
    }
    const [range] = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges : [];
    if (!range) {
      res.end(bytes);
      return;
    }
    res.status(206).set({
      'Content-Range': `bytes ${range.start}-${range.end}/${bytes.length}`,
      'Content-Length': String(range.end - range.start + 1),
    });
    res.end(bytes.subarray(range.start, range.end + 1));
  };
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

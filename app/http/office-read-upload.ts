import busboy from 'busboy';
import type { Request } from 'express';
import { HttpError } from './http-error.ts';

export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The form's other fields; of several with one name the last. */
  readonly fields: ReadonlyMap<string, string>;
}

/** @throws HttpError 400 where the header names no boundary */
function createParser(req: Request, maxBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      // Browsers send file names as UTF-8; busboy's default is latin1.
      defParamCharset: 'utf8',
      limits: { files: 1, fileSize: maxBytes, fields: 5, fieldSize: 4096, parts: 8, headerPairs: 50 },
    });
  } catch {
    throw new HttpError(400, 'bad_request');
  }
}

/**
 * Reads the one file of a multipart form into memory and stops as soon as it is larger than allowed.
 * @param field name of the form's file field
 * @returns nothing when the form has no such file
 * @throws HttpError 400 for a form that cannot be read, 413 for a file that is too large
 */
export function readUpload(req: Request, field: string, maxBytes: number): Promise<Upload | undefined> {
  if (!req.is('multipart/form-data')) throw new HttpError(400, 'bad_request');
  return new Promise((resolve, reject) => {
    let upload: Upload | undefined;
    let settled = false;
    const fields = new Map<string, string>();
    const parser = createParser(req, maxBytes);
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      act();
      // The rest is read and thrown away, so that the browser gets the answer instead of a broken connection.
      req.unpipe(parser);
      req.resume();
    };
    const fail = (error: HttpError) => settle(() => reject(error));

    parser.on('file', (name, stream, { filename }) => {
      const chunks: Buffer[] = [];
      if (name !== field) {
        stream.resume();
        return;
      }
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail(new HttpError(413, 'too_large')));
      stream.on('error', () => fail(new HttpError(400, 'bad_request')));
      stream.on('end', () => {
        upload = { name: filename ?? '', bytes: Buffer.concat(chunks), fields };
      });
    });
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('error', () => fail(new HttpError(400, 'bad_request')));
    parser.on('close', () =>
      settle(() => resolve(upload && (upload.name || upload.bytes.length) ? upload : undefined)),
    );
    req.on('close', () => req.complete || fail(new HttpError(400, 'bad_request')));
    // Broken off before we came to read it, and then nothing would ever tell us so.
    if (req.destroyed) fail(new HttpError(400, 'bad_request'));
    else req.pipe(parser);
  });
}

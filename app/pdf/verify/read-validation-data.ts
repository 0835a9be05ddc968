import { inflateSync } from 'node:zlib';
import type { PDF, PdfDict, PdfObject } from '@libpdf/core';
import { readCertificate } from '../cms/read-certificate.ts';
import { arrayOf, dictOf, isStream, nameOf, resolve } from '../drawing/pdf-objects.ts';
import { readable } from '../validation/data-in-cms.ts';
import { readOcsp } from '../validation/read-ocsp.ts';
import { readRevocationList } from '../validation/read-revocation-list.ts';
import type { ValidationData } from '../validation/validation-data.ts';

export interface DocumentValidationData extends ValidationData {
  /** The document has a security store, whatever is in it. */
  present: boolean;
}

/** Streams of each kind that are read; a contract of ten signers has fewer. */
const MAX_STREAMS = 100;
const MAX_STREAM_BYTES = 10 * 2 ** 20;
const MAX_BYTES = 40 * 2 ** 20;

const known = new WeakMap<PDF, DocumentValidationData>();

/**
 * The document security store (ISO 32000-2, 12.8.4.3): what can be read of it, within bounds. Entries of the VRI only
 * point at what the store has as a whole, so they are not looked at.
 */
export function readValidationData(pdf: PDF): DocumentValidationData {
  let data = known.get(pdf);
  if (!data) {
    data = readStore(pdf, dictOf(pdf, pdf.getCatalog().get('DSS')));
    known.set(pdf, data);
  }
  return data;
}

function readStore(pdf: PDF, store: PdfDict | undefined): DocumentValidationData {
  let left = MAX_BYTES;
  const read = <T>(key: string, parse: (bytes: Buffer) => T): T[] =>
    readable((arrayOf(pdf, store?.get(key))?.toArray() ?? []).slice(0, MAX_STREAMS), (object) => {
      const bytes = streamBytes(pdf, object, Math.min(left, MAX_STREAM_BYTES));
      left -= bytes.length;
      return parse(bytes);
    });
  return {
    present: store !== undefined,
    certificates: read('Certs', readCertificate),
    answers: read('OCSPs', readOcsp),
    lists: read('CRLs', readRevocationList),
  };
}

/**
 * Content of a stream of the store.
 * @param limit bytes that it may have
 * @throws Error when it is no stream, is larger, or has a filter that nobody uses here
 */
export function streamBytes(pdf: PDF, object: PdfObject | undefined, limit: number): Buffer {
  const stream = resolve(pdf, object);
  if (!isStream(stream) || limit <= 0 || stream.data.length > limit)
    throw new Error('not a stream of this size');
  const filters = resolve(pdf, stream.get('Filter'));
  if (filters === undefined) return Buffer.from(stream.data);
  const filter = nameOf(pdf, filters) ?? nameOf(pdf, arrayOf(pdf, filters)?.at(0));
  if (filter !== 'FlateDecode' || (arrayOf(pdf, filters)?.length ?? 1) > 1)
    throw new Error(`filter ${filter}`);
  return inflateSync(stream.data, { maxOutputLength: limit });
}

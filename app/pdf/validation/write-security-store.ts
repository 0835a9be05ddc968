import { createHash } from 'node:crypto';
import { PdfArray, PdfDict, PdfRef, PdfStream } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import { arrayOf, dictOf, name } from '../drawing/pdf-objects.ts';
import type { PdfObject } from '../drawing/pdf-objects.ts';
import { streamBytes } from '../verify/read-validation-data.ts';

/** What proves one signature; each item in DER. */
export interface SignatureProof {
  /** Value of /Contents, with the zeros that fill it up. */
  contents: Uint8Array;
  certificates: Uint8Array[];
  /** Whole OCSPResponse structures. */
  answers: Uint8Array[];
  lists: Uint8Array[];
}

const KINDS = [
  { part: 'certificates', inStore: 'Certs', inProof: 'Cert' },
  { part: 'answers', inStore: 'OCSPs', inProof: 'OCSP' },
  { part: 'lists', inStore: 'CRLs', inProof: 'CRL' },
] as const;

const MAX_KNOWN_BYTES = 10 * 2 ** 20;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** Key of a signature in the store: upper-case hex SHA-1 of its whole /Contents (ISO 32000-2, table 262). */
const proofKey = ({ contents }: SignatureProof): string =>
  createHash('sha1').update(contents).digest('hex').toUpperCase();

/** Where the store has which content already. */
function streamsIn(pdf: PDF, list: PdfArray | undefined): Map<string, PdfRef> {
  const found = new Map<string, PdfRef>();
  for (const item of list ?? []) {
    if (!(item instanceof PdfRef)) continue;
    try {
      found.set(hashOf(streamBytes(pdf, item, MAX_KNOWN_BYTES)), item);
    } catch {
      // Whatever it is, it stays where it is.
    }
  }
  return found;
}

/** Whether the document's security store says all this already. */
export function isStored(pdf: PDF, proofs: SignatureProof[]): boolean {
  const store = dictOf(pdf, pdf.getCatalog().get('DSS'));
  const entries = dictOf(pdf, store?.get('VRI'));
  if (!store || !proofs.every((proof) => entries?.has(proofKey(proof)))) return false;
  return KINDS.every(({ part, inStore }) => {
    const streams = streamsIn(pdf, arrayOf(pdf, store.get(inStore)));
    return proofs.every((proof) => proof[part].every((item) => streams.has(hashOf(item))));
  });
}

/**
 * Adds what proves signatures to the document security store (ISO 32000-2, 12.8.4.3), made if there is none. What the
 * store had stays; what several signatures need is there once.
 */
export function addToSecurityStore(pdf: PDF, proofs: SignatureProof[]): void {
  const catalog = pdf.getCatalog();
  const before = dictOf(pdf, catalog.get('DSS'));
  const store = before ? before.clone() : PdfDict.of({ Type: name('DSS') });
  const entries = dictOf(pdf, before?.get('VRI'))?.clone() ?? new PdfDict();
  const added = proofs.map(() => PdfDict.of({ Type: name('VRI') }));

  for (const { part, inStore, inProof } of KINDS) {
    const list = arrayOf(pdf, before?.get(inStore));
    const streams = streamsIn(pdf, list);
    const all: PdfObject[] = list?.toArray() ?? [];
    const refOf = (item: Uint8Array): PdfRef => {
      const hash = hashOf(item);
      const known = streams.get(hash);
      if (known) return known;
      const ref = pdf.register(new PdfStream([], item));
      streams.set(hash, ref);
      all.push(ref);
      return ref;
    };
    for (const [index, proof] of proofs.entries()) {
      const refs = [...new Set(proof[part].map(refOf))];
      if (refs.length > 0) added[index]?.set(inProof, new PdfArray(refs));
    }
    if (all.length > 0) store.set(inStore, new PdfArray(all));
  }
  for (const [index, proof] of proofs.entries()) {
    const entry = added[index];
    if (entry) entries.set(proofKey(proof), entry);
  }
  store.set('VRI', entries);
  catalog.set('DSS', pdf.register(store));
}

import { PdfString } from '@libpdf/core';
import type { PDF } from '@libpdf/core';
import { oid } from '../asn1/object-identifiers.ts';
import { findCertificate } from '../cms/check-signer.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { readSignedData, readTimestampToken } from '../cms/read-cms.ts';
import { resolve } from '../drawing/pdf-objects.ts';
import { dataInCms } from '../validation/data-in-cms.ts';
import { joinValidationData } from '../validation/validation-data.ts';
import type { ValidationData } from '../validation/validation-data.ts';
import { findSignatureFields } from '../verify/find-signatures.ts';
import { madeFieldNames } from './field-names.ts';

/** A signature that this application put into a document. */
export interface OwnSignature {
  /** Value of /Contents, with the zeros that fill it up. */
  contents: Buffer;
  signer: ParsedCertificate;
  timestamp?: { time: Date; authority: ParsedCertificate };
  /** Certificates and revocation values in the signature and in its time-stamp. */
  carried: ValidationData;
}

/**
 * The signatures of one signing: those in its fields, and those with the certificate that signs now. (A certificate may be
 * replaced between two signers; a field may be one that the document came with.)
 * @param signing id of the signing
 * @param leaf DER of the certificate that signs now
 */
export function findOwnSignatures(pdf: PDF, signing: string, leaf: Uint8Array): OwnSignature[] {
  const fields = findSignatureFields(pdf);
  const made = madeFieldNames(
    fields.map(({ name }) => name),
    signing,
  );
  const prefix = made.certification.replace(/certification$/, '');
  return fields.flatMap(({ name, signature }) => {
    const contents = resolve(pdf, signature.get('Contents'));
    const read = contents instanceof PdfString ? readOwn(Buffer.from(contents.bytes)) : undefined;
    return read && (name.startsWith(prefix) || read.signer.raw.equals(leaf)) ? [read] : [];
  });
}

/** Undefined for what is no signature of ours: unreadable, or a document time-stamp. */
function readOwn(contents: Buffer): OwnSignature | undefined {
  try {
    const data = readSignedData(contents);
    const [info] = data.signers;
    const signer = info && data.contentType === oid.data ? findCertificate(data, info) : undefined;
    if (!info || !signer) return undefined;
    const carried = dataInCms(data, info);
    const token = info.unsignedAttributes.get(oid.timeStampToken)?.[0];
    const stamp = token && readTimestampToken(token.raw);
    const [stamper] = stamp?.signedData.signers ?? [];
    const authority = stamp && stamper && findCertificate(stamp.signedData, stamper);
    if (!stamp || !authority) return { contents, signer, carried };
    return {
      contents,
      signer,
      timestamp: { time: stamp.time, authority },
      carried: joinValidationData(carried, dataInCms(stamp.signedData, stamper)),
    };
  } catch {
    return undefined;
  }
}

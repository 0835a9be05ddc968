import { PdfArray, PdfDict, PdfRef } from '@libpdf/core';
import type { PDF, PdfObject } from '@libpdf/core';
import { buildCms } from '../cms/build-cms.ts';
import type { CmsSigner } from '../cms/build-cms.ts';
import { TIMESTAMP_ROOM } from '../cms/request-timestamp.ts';
import { isTimestampUnavailable } from '../cms/ask-timestamp-servers.ts';
import { arrayOf, dictOf, name, number, pdfDate, text } from '../drawing/pdf-objects.ts';
import { addField, freeName, namesInUse } from './form-fields.ts';
import type { NewField } from './form-fields.ts';
import { reserveSignature, writeRevision } from './write-signature.ts';
import type { WrittenRevision } from './write-signature.ts';

/** What a signature says and how it is made, wherever it stands. */
export interface SignatureContent {
  signer: CmsSigner;
  name?: string;
  reason?: string;
  location?: string;
  contact?: string;
  /** Goes into /M. */
  at: Date;
  /** DocMDP level; only for the first signature of a file. */
  certification?: 1 | 2;
  /** Gives a RFC 3161 token over an imprint. */
  timestamp?: (imprint: Uint8Array) => Promise<Uint8Array>;
  /** Whether to sign without a token when no server gives one; else that fails. */
  withoutTimestamp?: boolean;
}

export interface SignatureToAppend extends SignatureContent {
  /** Wanted field name; a number is added when it is taken. */
  field: string;
  page: NewField['page'];
  /** Of the widget, in user space; without it the signature is invisible. */
  visible?: { rectangle: [number, number, number, number]; appearance: PdfRef };
}

/** Signed attributes, signature value and what is around them. */
const VALUE_ROOM = 2_048;

/**
 * What a signature forbids from here on (ISO 32000-1, 12.8.2).
 * @param data the object whose changes are meant; only FieldMDP names it (table 253)
 */
function reference(
  method: 'DocMDP' | 'FieldMDP',
  parameters: Record<string, PdfObject>,
  data?: PdfRef,
): PdfDict {
  const dict = PdfDict.of({
    Type: name('SigRef'),
    TransformMethod: name(method),
    TransformParams: PdfDict.of({ Type: name('TransformParams'), V: name('1.2'), ...parameters }),
  });
  if (data) dict.set('Data', data);
  return dict;
}

function signatureDictionary(wanted: SignatureContent, references: PdfDict[]): PdfDict {
  const dict = PdfDict.of({
    Type: name('Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.CAdES.detached'),
    M: pdfDate(wanted.at),
    Prop_Build: PdfDict.of({ App: PdfDict.of({ Name: name('Countersign') }) }),
  });
  if (wanted.name) dict.set('Name', text(wanted.name));
  if (wanted.reason) dict.set('Reason', text(wanted.reason));
  if (wanted.location) dict.set('Location', text(wanted.location));
  if (wanted.contact) dict.set('ContactInfo', text(wanted.contact));
  if (references.length > 0) dict.set('Reference', new PdfArray(references));
  return dict;
}

/** Certifies the document with this signature (ISO 32000-1, 12.8.4). */
function permit(pdf: PDF, signature: PdfRef): void {
  const catalog = pdf.getCatalog();
  const permissions = dictOf(pdf, catalog.get('Perms')) ?? new PdfDict();
  // Usage rights that another program granted ended with the first change (ISO 32000-1, 12.8.2.3).
  for (const usageRights of ['UR', 'UR3']) permissions.delete(usageRights);
  permissions.set('DocMDP', signature);
  catalog.set('Perms', permissions);
}

/** libpdf has it, but only for itself. */
function catalogRef(pdf: PDF): PdfRef | undefined {
  const context = pdf['ctx'] as { getRef(object: PdfObject): PdfRef | null };
  return context.getRef(pdf.getCatalog()) ?? undefined;
}

/** FieldMDP of a signature in a field with /Lock: the same fields (ISO 32000-1, 12.7.4.5). */
function lockReference(pdf: PDF, field: PdfDict): PdfDict | undefined {
  const lock = dictOf(pdf, field.get('Lock'));
  const action = lock?.get('Action');
  if (!lock || !action) return undefined;
  const fields = arrayOf(pdf, lock.get('Fields'));
  const names = fields && new PdfArray(fields.toArray());
  return reference('FieldMDP', { Action: action, ...(names && { Fields: names }) }, catalogRef(pdf));
}

/**
 * Signs in an existing, empty signature field; what the field locks, its signature locks.
 * @param field its dictionary in `pdf`
 * @returns the file with everything that was changed in `pdf` as one revision after `input`
 * @throws PdfEngineFailure `internal`, or `timestamp_unavailable` (unless `withoutTimestamp`)
 */
export async function signField(
  pdf: PDF,
  input: Uint8Array,
  field: PdfDict,
  wanted: SignatureContent,
): Promise<WrittenRevision> {
  const references = [
    wanted.certification && reference('DocMDP', { P: number(wanted.certification) }),
    lockReference(pdf, field),
  ].filter((each) => each !== undefined);
  const chainSize = wanted.signer.chain.reduce((sum, certificate) => sum + certificate.length, 0);
  const room = VALUE_ROOM + chainSize + (wanted.timestamp ? TIMESTAMP_ROOM : 0);
  const signature = reserveSignature(pdf, signatureDictionary(wanted, references), room);
  if (wanted.certification) permit(pdf, signature.ref);
  field.set('V', signature.ref);
  return writeRevision(pdf, input, signature, async (digest) => {
    try {
      return await buildCms(digest, wanted.signer, wanted.timestamp);
    } catch (error) {
      if (!wanted.withoutTimestamp || !isTimestampUnavailable(error)) throw error;
      return buildCms(digest, wanted.signer);
    }
  });
}

/** Like {@link signField}, in a new field. */
export async function signNewField(
  pdf: PDF,
  input: Uint8Array,
  wanted: SignatureToAppend,
): Promise<WrittenRevision> {
  const field = addField(pdf, {
    name: freeName(namesInUse(pdf), wanted.field),
    type: 'Sig',
    page: wanted.page,
    ...wanted.visible,
  });
  return signField(pdf, input, field.dict, wanted);
}

/** Like {@link signNewField}, for who needs no hash. */
export async function appendSignature(...signature: Parameters<typeof signNewField>): Promise<Buffer> {
  return (await signNewField(...signature)).pdf;
}

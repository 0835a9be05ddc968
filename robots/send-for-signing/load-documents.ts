import { checkSignaturePositions, formatSignaturePositions } from '../../app/domain/signature-positions.ts';
import type { PageSize } from '../../app/domain/signature-positions.ts';
import { stepOf } from '../../app/domain/purpose.ts';
import { Refusal } from '../../app/domain/refusal.ts';
import type { Problem } from '../../app/domain/refusal.ts';
import type { SealingPlan } from '../../app/domain/sealing-plan.ts';
import type { SourceDocument } from '../../app/domain/signing.ts';
import { isFinal } from '../../app/domain/signing-status.ts';
import { signingNumber } from '../../app/domain/signing-number.ts';
import { DocumentRefused } from '../../app/ports/pdf-engine.ts';
import type { DocumentPart, PreparedBundle } from '../../app/ports/pdf-engine.ts';
import { PortalError } from '../../app/ports/portal.ts';
import type { Facts, PortalDocument } from '../../app/ports/portal.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';
import { signingIdOf } from '../../app/signing/runs/run-id.ts';
import type { RobotDeps } from '../deps.ts';
import { shown } from '../inputs/read-values.ts';
import type { SendRequest } from './request.ts';

/** What the document generator says of a document that is gone, or that the app may not read. */
const ABSENT = new Set(['NOT_FOUND', 'not_found', '0', 'DOCGEN_ACCESS_ERROR', 'ACCESS_DENIED']);

/** The PDF of a document is still being made. */
class NotReady extends Error {}

export interface LoadedDocuments {
  readonly documents: SourceDocument[];
  /** Where the marks go, in the grammar of `signature_positions`: as the run says, else as the documents' text marks. */
  readonly positions: string;
}

const titleOf = (document: PortalDocument): string => document.title || document.number || document.id;

/**
 * Brings the documents' PDFs into the file store and checks that they can be signed. A file that an earlier try stored is
 * not downloaded again.
 * @returns undefined while the portal is still making a PDF
 * @throws Refusal 130, 132, 160, or 102 for marks on pages that the documents do not have
 */
export async function loadDocuments(
  deps: Pick<RobotDeps, 'portal' | 'files' | 'pdf' | 'signings' | 'limits'>,
  run: RobotRun,
  request: SendRequest,
  facts: Facts,
  { flattenForms }: Pick<SealingPlan, 'flattenForms'>,
): Promise<LoadedDocuments | undefined> {
  const documents = findDocuments(request, facts);
  if (documents.some((document) => document.pdf === 'pending')) return undefined;
  const parts: DocumentPart[] = [];
  let left = deps.limits.maxBytes;
  for (const [index, document] of documents.entries()) {
    try {
      const bytes = await storedBytes(deps, run, index, document, left);
      left -= bytes.length;
      parts.push({ name: titleOf(document), bytes });
    } catch (error) {
      if (error instanceof NotReady) return undefined;
      throw error;
    }
  }
  const bundle = await prepare(deps, parts, flattenForms);
  await checkLocks(deps, run, documents);
  checkPositions(request, bundle.pageSizes);
  return {
    positions: request.positionsText || positionsOf(bundle, request),
    documents: documents.map((document, index) => ({
      ref: document.id,
      title: titleOf(document),
      file: {
        fileId: fileIdOf(run, index),
        name: fileNameOf(document),
        sha256: bundle.parts[index]!.sha256,
        size: parts[index]!.bytes.length,
        pages: bundle.parts[index]!.pages,
      },
    })),
  };
}

/** A place that the text marks for a third signer stays empty when only two sign: templates are used for both. */
function positionsOf({ anchors }: PreparedBundle, { counterparties }: SendRequest): string {
  return formatSignaturePositions(anchors.filter(({ who }) => who.number <= 1 + counterparties.length));
}

function findDocuments(request: SendRequest, facts: Facts): PortalDocument[] {
  const documents: PortalDocument[] = [];
  const problems: Problem[] = [];
  for (const id of request.documentIds) {
    const document = facts.documents.get(id);
    if (!document) problems.push({ text: 'no_such_document', values: { id } });
    else if (document.pdf === 'failed') {
      problems.push({ text: 'document_without_pdf', values: { document: shown(titleOf(document)) } });
    } else documents.push(document);
  }
  if (problems.length > 0) throw new Refusal('DOCUMENT_NOT_FOUND', problems);
  return documents;
}

async function storedBytes(
  { portal, files, limits }: Pick<RobotDeps, 'portal' | 'files' | 'limits'>,
  run: RobotRun,
  index: number,
  document: PortalDocument,
  maxBytes: number,
): Promise<Uint8Array> {
  const fileId = fileIdOf(run, index);
  if (await files.has(fileId)) return files.get(fileId);
  const values = { document: shown(titleOf(document)), ...limitsAsText(limits) };
  let bytes: Uint8Array;
  try {
    bytes = await portal.downloadDocument(run.portalId, document.id, maxBytes);
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    if (error.code === 'document_not_ready') throw new NotReady();
    if (ABSENT.has(error.code)) {
      throw new Refusal('DOCUMENT_NOT_FOUND', [{ text: 'no_such_document', values: { id: document.id } }]);
    }
    if (error.code === 'document_failed') {
      throw new Refusal('DOCUMENT_NOT_FOUND', [{ text: 'document_without_pdf', values }]);
    }
    if (error.code === 'too_large') {
      throw new Refusal('DOCUMENT_NOT_SUPPORTED', [{ text: 'document_too_large', values }]);
    }
    throw error;
  }
  const about = { portalId: run.portalId, name: fileNameOf(document), type: 'application/pdf' };
  await files.put(fileId, bytes, about);
  return bytes;
}

async function prepare(
  { pdf, limits }: Pick<RobotDeps, 'pdf' | 'limits'>,
  parts: DocumentPart[],
  flattenForms: boolean,
): Promise<PreparedBundle> {
  try {
    return await pdf.prepareBundle({ parts, limits, flattenForms });
  } catch (error) {
    if (!(error instanceof DocumentRefused)) throw error;
    const names = error.part >= 0 ? [parts[error.part]!.name] : parts.map((part) => part.name);
    const values = { document: shown(names.join(', ')), ...limitsAsText(limits) };
    throw new Refusal('DOCUMENT_NOT_SUPPORTED', [{ text: `document_${error.reason}`, values }]);
  }
}

/** A refusal in good time; that two runs cannot both pass is the store's promise when the signing is created. */
async function checkLocks(
  { signings }: Pick<RobotDeps, 'signings'>,
  run: RobotRun,
  documents: readonly PortalDocument[],
): Promise<void> {
  const problems: Problem[] = [];
  let signingId: string | undefined;
  for (const document of documents) {
    const signing = await signings.findByDocument(run.portalId, document.id);
    if (!signing || isFinal(signing.status) || signing.id === signingIdOf(run.id)) continue;
    signingId ??= signing.id;
    const values = { document: shown(titleOf(document)), number: signingNumber(signing.id), id: signing.id };
    problems.push({ text: 'document_in_signing', values });
  }
  if (problems.length > 0) throw new Refusal('ALREADY_IN_SIGNING', problems, signingId);
}

function checkPositions(request: SendRequest, pages: readonly PageSize[]): void {
  const step = (party: 'company' | 'counterparty'): { step: number } => ({
    step: stepOf(party, request.order),
  });
  const signers = [step('company'), ...request.counterparties.map(() => step('counterparty'))];
  const errors = checkSignaturePositions([...request.positions], { pages, signers });
  if (errors.length === 0) return;
  const problems = errors.map(({ line, code, value }) => ({
    text: 'wrong_position',
    values: { parameters: 'signature_positions', line, position: code, value },
  }));
  throw new Refusal('INVALID_PARAMETER', problems);
}

const limitsAsText = ({ maxBytes, maxPages }: RobotDeps['limits']) => ({
  megabytes: Math.floor(maxBytes / 1024 / 1024),
  pages: maxPages,
});

const fileIdOf = (run: RobotRun, index: number): string => `${run.id}-source-${index + 1}`;
const fileNameOf = (document: PortalDocument): string => {
  const title = shown(titleOf(document)).replace(/[/\\:*?"<>|]+/g, '_');
  return /\.pdf$/i.test(title) ? title : `${title}.pdf`;
};

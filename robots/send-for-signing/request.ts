import { ORDERS, PURPOSES } from '../../app/domain/purpose.ts';
import type { Purpose, SigningOrder } from '../../app/domain/purpose.ts';
import { parseSignaturePositions } from '../../app/domain/signature-positions.ts';
import type { SignaturePosition } from '../../app/domain/signature-positions.ts';
import type { ProviderName } from '../../app/domain/signing.ts';
import type { RobotRunRequest } from '../../app/ports/robot-run-store.ts';
import {
  readCompanySigner,
  readCounterparty,
  readDocument,
  readEntity,
  readUser,
} from '../inputs/read-references.ts';
import type { CompanySigner, Counterparty, EntityReference } from '../inputs/read-references.ts';
import { createInputReader, shown } from '../inputs/read-values.ts';
import type { InputReader } from '../inputs/read-values.ts';

export const COMPANY_SIGNATURES = ['auto', 'manual'] as const;
export const RETURN_WHEN = ['accepted', 'next_change', 'final'] as const;
/** What exists; another service is added here together with its adapter. */
export const PROVIDERS: readonly ProviderName[] = ['builtin'];

export const MAX_DOCUMENTS = 20;
export const MAX_COUNTERPARTIES = 30;
export const MAX_EXPIRES_IN_DAYS = 365;
/** Longer than any signing may be open. */
export const MAX_WAIT_HOURS = 9000;
export const MAX_SUBJECT = 250;
export const MAX_MESSAGE = 5000;
/** The largest text that `signature_positions` may be (domain/signature-positions.ts says which limits it has inside). */
const MAX_POSITIONS = 65_535;

/** The form of *Send for signing*, read. */
export interface SendRequest {
  readonly documentIds: readonly string[];
  readonly companySigner: CompanySigner;
  readonly counterparties: readonly Counterparty[];
  readonly positionsText: string;
  readonly positions: readonly SignaturePosition[];
  /** Empty: the deal's assigned person. */
  readonly responsibleId: string;
  /** Undefined: neither the input nor the process names an entity. */
  readonly entity: EntityReference | undefined;
  readonly withAgreement: boolean;
  readonly purpose: Purpose;
  readonly order: SigningOrder;
  readonly companySignature: (typeof COMPANY_SIGNATURES)[number];
  readonly provider: ProviderName;
  readonly subject: string;
  readonly message: string;
  readonly expiresInDays: number | undefined;
  readonly returnWhen: (typeof RETURN_WHEN)[number];
  readonly maxWaitHours: number | undefined;
}

/**
 * Reads what the designer put into the step. Knows nothing of the portal: whether a person exists is checked later.
 * @throws Refusal 101 with every empty required input, else 102 with everything that cannot be read
 */
export function readSendRequest(form: RobotRunRequest): SendRequest {
  const reader = createInputReader(form.properties);
  const documentIds = readDocuments(reader);
  const companySigner = readCompany(reader);
  const counterparties = readCounterparties(reader);
  const { text: positionsText, positions } = readPositions(reader);
  const request = {
    documentIds,
    counterparties,
    positionsText,
    positions,
    responsibleId: readResponsible(reader),
    entity: readDeal(reader, form.documentId[2] ?? ''),
    withAgreement: reader.flag('additional_agreement'),
    purpose: reader.option('purpose', PURPOSES, 'signature'),
    order: reader.option('order', ORDERS, 'company_first'),
    companySignature: reader.option('company_signature', COMPANY_SIGNATURES, 'auto'),
    provider: reader.option('provider', PROVIDERS, 'builtin'),
    subject: reader.line('subject', MAX_SUBJECT),
    message: reader.text('message', MAX_MESSAGE),
    expiresInDays: reader.count('expires_in_days', MAX_EXPIRES_IN_DAYS),
    returnWhen: reader.option('return_when', RETURN_WHEN, 'final'),
    maxWaitHours: reader.count('max_wait_hours', MAX_WAIT_HOURS),
  };
  const template = reader.text('template', MAX_SUBJECT);
  if (template !== '') reader.refuse('template', 'unknown_template', { value: shown(template) });
  reader.finish();
  // `finish` has refused when there is none.
  return { ...request, companySigner: companySigner! };
}

function readDocuments(reader: InputReader): string[] {
  const ids: string[] = [];
  for (const text of new Set(reader.requiredList('document_id', MAX_DOCUMENTS))) {
    const document = readDocument(text);
    if (document === 'file_source') reader.refuse('document_id', 'file_source', { value: shown(text) });
    else if (document) ids.push(document.id);
    else reader.refuse('document_id', 'not_a_document', { value: shown(text) });
  }
  return ids;
}

function readCompany(reader: InputReader): CompanySigner | undefined {
  const text = reader.required('signer_1', 300);
  const signer = text === '' ? undefined : readCompanySigner(text);
  if (text !== '' && !signer) reader.refuse('signer_1', 'not_a_user', { value: shown(text) });
  return signer;
}

function readCounterparties(reader: InputReader): Counterparty[] {
  const found: Counterparty[] = [];
  for (const text of reader.requiredList('signer_2', MAX_COUNTERPARTIES)) {
    const counterparty = readCounterparty(text);
    // The same person twice stays twice: 142 says so rather than guessing what was meant.
    if (counterparty) found.push(counterparty);
    else reader.refuse('signer_2', 'not_a_counterparty', { value: shown(text) });
  }
  return found;
}

function readPositions(reader: InputReader): { text: string; positions: SignaturePosition[] } {
  const text = reader.text('signature_positions', MAX_POSITIONS);
  const { positions, errors } = parseSignaturePositions(text);
  for (const { line, code, value } of errors) {
    reader.refuse('signature_positions', 'wrong_position', { line, position: code, value: shown(value) });
  }
  return { text, positions };
}

function readResponsible(reader: InputReader): string {
  const text = reader.text('responsible', 300);
  if (text === '') return '';
  const user = readUser(text);
  if (!user) reader.refuse('responsible', 'not_one_user', { value: shown(text) });
  return user ?? '';
}

function readDeal(reader: InputReader, processEntity: string): EntityReference | undefined {
  const text = reader.text('crm_entity_id', 300);
  if (text === '') return readEntity(processEntity);
  const entity = readEntity(text);
  if (!entity) reader.refuse('crm_entity_id', 'not_an_entity', { value: shown(text) });
  return entity;
}

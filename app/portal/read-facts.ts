import type { Contact, Deal, Facts, FactsQuery, PortalDocument, PortalUser } from '../ports/portal.ts';
import { PortalError } from '../ports/portal.ts';
import { BATCH_SIZE } from './batch.ts';
import type { BatchCommand, BatchOutcome } from './batch.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { resultOf } from './encode-query.ts';
import { readDocument } from './read-document.ts';
import { isRecord } from './rest-error.ts';
import { readId, readText } from './read-values.ts';
import { TIME_COMMAND, timeZoneIn } from './time-zone.ts';

export const DEAL = 2;
const CONTACT = 3;
const COMPANY = 4;

type Fields = Readonly<Record<string, unknown>>;

/** Codes that say "there is no such thing" (or not for this user): it is left out of the answer. */
const ABSENT = new Set([
  'NOT_FOUND',
  'not_found',
  'bad_request',
  'ACCESS_DENIED',
  'DOCGEN_ACCESS_ERROR',
  'ERROR_ENTITY_NOT_FOUND',
  '0',
  '100',
]);

const item = (key: string, entityTypeId: number, id: unknown): BatchCommand => ({
  key,
  method: 'crm.item.get',
  params: { entityTypeId, id },
});

const userCommand = (key: string, id: unknown): BatchCommand => ({
  key,
  method: 'user.get',
  params: { FILTER: { ID: id } },
});

/** A contact and the company it belongs to: the second command refers to the first. */
const contactGroup = (key: string, id: unknown): BatchCommand[] => [
  item(key, CONTACT, id),
  item(`${key}_company`, COMPANY, resultOf(key, 'item', 'companyId')),
];

/**
 * Everything a robot run asks about, in one request (another one for every 50 commands).
 * @throws PortalError when the portal could not be asked, or refused one question for a passing reason
 */
export async function readFacts(gateway: PortalGateway, portalId: string, query: FactsQuery): Promise<Facts> {
  const once = (ids: readonly string[] = []) => [...new Set(ids)].filter((id) => /^\d{1,18}$/.test(id));
  const groups: BatchCommand[][] = [
    ...once(query.dealId === undefined ? [] : [query.dealId]).map((id) => [
      item(`deal_${id}`, DEAL, id),
      userCommand('assigned', resultOf(`deal_${id}`, 'item', 'assignedById')),
    ]),
    ...once(query.userIds).map((id) => [userCommand(`user_${id}`, id)]),
    ...once(query.contactIds).map((id) => contactGroup(`contact_${id}`, id)),
    ...once(query.companyIds).map((id) => [
      item(`company_${id}`, COMPANY, id),
      ...contactGroup(`primary_${id}`, resultOf(`company_${id}`, 'item', 'contactIds', 0)),
    ]),
    ...once(query.documentIds).map((id) => [
      { key: `document_${id}`, method: 'crm.documentgenerator.document.get', params: { id } },
    ]),
  ];
  const outcomes = new Map<string, BatchOutcome>();
  if (query.dealId !== undefined) groups.push([TIME_COMMAND]);
  for (const commands of pack(groups)) {
    for (const [key, outcome] of await gateway.batch(portalId, commands)) outcomes.set(key, outcome);
  }
  return assemble(outcomes);
}

/** Requests of at most 50 commands; a group stays together, because references do not reach across requests. */
function pack(groups: readonly BatchCommand[][]): BatchCommand[][] {
  const requests: BatchCommand[][] = [];
  for (const group of groups) {
    const last = requests.at(-1);
    if (last && last.length + group.length <= BATCH_SIZE) last.push(...group);
    else requests.push([...group]);
  }
  return requests;
}

function assemble(outcomes: ReadonlyMap<string, BatchOutcome>): Facts {
  const users = new Map<string, PortalUser>();
  const contacts = new Map<string, Contact>();
  const companyContacts = new Map<string, string>();
  const documents = new Map<string, PortalDocument>();
  let deal: Deal | undefined;

  const readContact = (key: string): string => {
    const found = itemOf(outcomes.get(key));
    const contact = found && toContact(found, itemOf(outcomes.get(`${key}_company`)));
    if (contact) contacts.set(contact.id, contact);
    return contact?.id ?? '';
  };
  for (const [key, outcome] of outcomes) {
    const [kind = '', id = '', rest] = key.split('_');
    // Referring commands fail by design where there is nothing to refer to.
    if (rest !== undefined || kind === 'primary' || kind === 'assigned' || kind === 'time') continue;
    if (!outcome.ok && !ABSENT.has(outcome.error.code)) throw outcome.error;
    if (kind === 'deal') {
      const found = itemOf(outcome);
      deal = found && toDeal(found);
    } else if (kind === 'user' && outcome.ok) {
      const [user] = toUsers(outcome.result);
      if (user) users.set(user.id, user);
    } else if (kind === 'contact') readContact(key);
    else if (kind === 'company' && itemOf(outcome)) companyContacts.set(id, primaryContact(id));
    else if (kind === 'document' && outcome.ok) {
      const document = isRecord(outcome.result) ? readDocument(outcome.result['document']) : undefined;
      if (document) documents.set(document.id, document);
    }
  }
  readAssigned();
  return {
    ...(deal && { deal }),
    users,
    contacts,
    companyContacts,
    documents,
    timeZone: timeZoneIn(outcomes),
  };

  function readAssigned(): void {
    const outcome = outcomes.get('assigned');
    if (!deal || !outcome?.ok) return;
    const user = toUsers(outcome.result).find((each) => each.id === deal?.assignedById);
    if (user) users.set(user.id, user);
  }

  function primaryContact(companyId: string): string {
    const outcome = outcomes.get(`primary_${companyId}`);
    if (outcome && !outcome.ok && outcome.error.retryable) throw outcome.error;
    return readContact(`primary_${companyId}`);
  }
}

function itemOf(outcome: BatchOutcome | undefined): Fields | undefined {
  if (!outcome?.ok || !isRecord(outcome.result)) return undefined;
  const found = outcome.result['item'];
  return isRecord(found) ? found : undefined;
}

const toDeal = (fields: Fields): Deal => ({
  id: readId(fields['id']),
  title: readText(fields['title']),
  assignedById: readId(fields['assignedById']),
  stageId: readText(fields['stageId']),
});

function toContact(fields: Fields, company: Fields | undefined): Contact {
  const multifields = Array.isArray(fields['fm']) ? fields['fm'].filter(isRecord) : [];
  const first = (typeId: string) =>
    readText(multifields.find((field) => field['typeId'] === typeId)?.['value']);
  return {
    id: readId(fields['id']),
    firstName: readText(fields['name']),
    lastName: readText(fields['lastName']),
    secondName: readText(fields['secondName']),
    email: first('EMAIL') || readText(fields['email']),
    phone: first('PHONE') || readText(fields['phone']),
    position: readText(fields['post']),
    companyId: readId(fields['companyId']),
    companyTitle: readText(company?.['title']),
  };
}

/** Users as `user.get` answers them. @throws PortalError when it is no list */
export function toUsers(result: unknown): PortalUser[] {
  if (!Array.isArray(result)) throw new PortalError('bad_answer', 'user.get: no list', true);
  return result.filter(isRecord).map((fields) => ({
    id: readId(fields['ID']),
    name: [fields['NAME'], fields['LAST_NAME']].map(readText).filter(Boolean).join(' '),
    email: readText(fields['EMAIL']),
    phone:
      readText(fields['PERSONAL_MOBILE']) ||
      readText(fields['WORK_PHONE']) ||
      readText(fields['PERSONAL_PHONE']),
    position: readText(fields['WORK_POSITION']),
    active: fields['ACTIVE'] === true || ['Y', '1', 'true'].includes(readText(fields['ACTIVE'])),
  }));
}

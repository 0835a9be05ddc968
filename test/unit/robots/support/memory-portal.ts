import { PortalError } from '../../../../app/ports/portal.ts';
import type { Contact, Deal, Portal, PortalDocument, PortalUser } from '../../../../app/ports/portal.ts';
import type { ReturnValues } from '../../../../app/ports/robot-run-store.ts';

const user = (id: string, name: string, fields: Partial<PortalUser> = {}): PortalUser => ({
  id,
  name,
  email: `user${id}@company.test`,
  phone: '',
  position: '',
  active: true,
  ...fields,
});

const contact = (
  id: string,
  firstName: string,
  lastName: string,
  fields: Partial<Contact> = {},
): Contact => ({
  id,
  firstName,
  lastName,
  secondName: '',
  email: `contact${id}@client.test`,
  phone: '',
  position: '',
  companyId: '',
  companyTitle: '',
  ...fields,
});

const document = (id: string, title: string, fields: Partial<PortalDocument> = {}): PortalDocument => ({
  id,
  title,
  number: id,
  entityTypeId: '2',
  entityId: '77',
  pdf: 'ready',
  ...fields,
});

const byId = <T extends { id: string }>(...items: T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));
const only = <T>(all: ReadonlyMap<string, T>, ids: readonly string[] = []): Map<string, T> =>
  new Map(ids.flatMap((id) => (all.has(id) ? [[id, all.get(id)!] as const] : [])));

/** A portal in memory: what it has, what it was asked, what went back into its processes (the first answer counts). */
export function memoryPortal() {
  const has = {
    users: byId(
      user('1', 'Anna Admin'),
      user('7', 'Ivan Director'),
      user('12', 'Maria Manager'),
      user('15', 'Dmitry Lawyer'),
      user('21', 'Olga Gone', { active: false }),
    ),
    contacts: byId(
      contact('55', 'Anna', 'Petrova', { companyTitle: 'Client Ltd' }),
      contact('56', 'Oleg', 'Phone', { email: '', phone: '+375 29 123-45-67' }),
      contact('57', '', '', { email: '' }),
      contact('58', 'Ann', 'Twin', { email: 'CONTACT55@client.test' }),
      contact('59', 'Eve', '', { email: 'no address', phone: '12' }),
      contact('60', 'Ivan', 'Director', { email: 'User7@Company.test' }),
    ),
    companies: new Map([
      ['3', '55'],
      ['4', ''],
    ]),
    documents: byId(
      document('300', 'Contract'),
      document('301', 'Annex'),
      document('302', 'Broken', { pdf: 'failed' }),
      document('303', 'Slow', { pdf: 'pending' }),
    ),
    deals: byId<Deal>({ id: '77', title: 'Supply', assignedById: '12', stageId: 'NEW' }),
    departments: new Map<string, string[]>([['5', ['15', '7']]]),
    bytes: new Map<string, string>(),
  };
  const state = { down: undefined as PortalError | undefined, downloads: [] as string[], reads: 0 };
  const answers: { token: string; values: ReturnValues; logMessage: string }[] = [];
  const check = (): void => {
    if (state.down) throw state.down;
  };

  const store: Pick<Portal, 'readFacts' | 'usersOfDepartment' | 'downloadDocument' | 'returnToProcess'> = {
    readFacts: async (_portalId, query) => {
      check();
      state.reads += 1;
      const companyContacts = only(has.companies, query.companyIds);
      const deal = has.deals.get(query.dealId ?? '');
      return {
        ...(deal ? { deal } : {}),
        users: only(has.users, [...(query.userIds ?? []), ...(deal ? [deal.assignedById] : [])]),
        contacts: only(has.contacts, [...(query.contactIds ?? []), ...companyContacts.values()]),
        companyContacts,
        documents: only(has.documents, query.documentIds),
        timeZone: '+03:00',
      };
    },
    usersOfDepartment: async (_portalId, id) => {
      check();
      return [...only(has.users, has.departments.get(id)).values()];
    },
    downloadDocument: async (_portalId, id, maxBytes) => {
      check();
      state.downloads.push(id);
      const bytes = has.bytes.get(id) ?? `PDF ${id}`;
      if (bytes.startsWith('ERROR ')) throw new PortalError(bytes.slice(6), 'no file', false);
      if (bytes.length > maxBytes) throw new PortalError('too_large', 'too large', false);
      return Buffer.from(bytes);
    },
    returnToProcess: async (_portalId, token, values, logMessage) => {
      check();
      if (!answers.some((answer) => answer.token === token)) answers.push({ token, values, logMessage });
    },
  };
  return { has, state, answers, store };
}

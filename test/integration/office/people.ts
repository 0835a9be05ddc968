import type { Person } from './office-app.ts';

/** Who opens pages in these tests: AUTH_ID → person. User 12 is the initiator of the signings, user 7 signs them. */
export const PEOPLE: Record<string, Person> = {
  admin: { portalId: 'portal-a', id: '1', name: 'Ada Admin', isAdmin: true },
  initiator: { portalId: 'portal-a', id: '12', name: 'Мария Соколова', isAdmin: false },
  signer: { portalId: 'portal-a', id: '7', name: 'Sam Signer', isAdmin: false },
  stranger: { portalId: 'portal-a', id: '99', name: 'Stan Stranger', isAdmin: false },
  otherAdmin: { portalId: 'portal-b', id: '1', name: 'Other Admin', isAdmin: true },
};

export const DEAL_TAB = { placement: 'CRM_DEAL_DETAIL_TAB', options: { ID: '77' } };

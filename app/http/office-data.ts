import { mayManage, maySee } from '../domain/policy.ts';
import type { Membership } from '../domain/policy.ts';
import type { Signing } from '../domain/signing.ts';
import { SIGNING_STATUS_CODES } from '../domain/signing-status.ts';
import type { SigningStatus } from '../domain/signing-status.ts';
import { createTranslator } from '../i18n/translator.ts';
import type { Balance } from '../ports/balance.ts';
import type { Clock } from '../ports/clock.ts';
import type { EmployeeStore } from '../ports/employee-store.ts';
import type { Portal } from '../ports/portal.ts';
import { NOTIFIABLE } from '../ports/settings-store.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import type { SigningFilter, SigningStore } from '../ports/signing-store.ts';
import { MANDATE_VERSION } from '../signing/office/manage-employees.ts';
import type { FrameSession } from './frame-session.ts';
import { officeUserOf } from './office-frame.ts';
import { employeeView } from './presenters/employee-view.ts';
import { signingDetails } from './presenters/signing-details.ts';
import { signingItem } from './presenters/signing-item.ts';

const PAGE = 25;
/** Pages of the store that one request reads to fill a page for somebody who may see only some signings. */
const MAX_READS = 8;
const DEAL_LIMIT = 50;

export interface ListQuery {
  readonly search?: string;
  readonly status?: string;
  readonly cursor?: string;
}

export interface OfficeDataDeps {
  readonly signings: SigningStore;
  readonly employees: EmployeeStore;
  readonly settings: SettingsStore;
  readonly balance: Balance;
  readonly portal: Portal;
  readonly clock: Clock;
}

export type OfficeData = ReturnType<typeof createOfficeData>;

/** The data of the office's views, for the page that opens and for its parts when they are loaded again. */
export function createOfficeData(deps: OfficeDataDeps) {
  const { signings, employees, settings, balance, portal, clock } = deps;
  const isStatus = (text: string | undefined): text is SigningStatus =>
    text !== undefined && Object.hasOwn(SIGNING_STATUS_CODES, text);

  const membershipOf = (session: FrameSession) => employees.get(session.portalId, session.userId);

  const present = (session: FrameSession, signing: Signing, membership: Membership | undefined) => {
    const manage = mayManage(signing, officeUserOf(session), membership);
    const t = createTranslator(session.language);
    return { ...signingDetails(signing, manage, t, clock.now()), timeZone: session.timeZone };
  };

  return {
    details: async (session: FrameSession, signing: Signing) =>
      present(session, signing, await membershipOf(session)),

    async signings(session: FrameSession, query: ListQuery) {
      const user = officeUserOf(session);
      const membership = await membershipOf(session);
      const status = isStatus(query.status) ? query.status : undefined;
      const search = query.search?.trim().slice(0, 200) || undefined;
      const filter: SigningFilter = { status, search };
      const found: Signing[] = [];
      let next = query.cursor;
      for (let reads = 0; reads < MAX_READS; reads++) {
        const page = await signings.list(session.portalId, filter, { limit: PAGE, cursor: next });
        found.push(...page.signings.filter((signing) => maySee(signing, user, membership)));
        next = page.next;
        if (!next || found.length >= PAGE) break;
      }
      return {
        items: found.map(signingItem),
        next,
        search: search ?? '',
        status: status ?? '',
        statuses: Object.keys(SIGNING_STATUS_CODES),
        more: query.cursor !== undefined,
        blocked: membership?.blocked === true && !user.isAdmin,
        timeZone: session.timeZone,
      };
    },

    /** @returns nothing when the reader has this version already */
    async dealSignings(session: FrameSession, knownVersion?: string) {
      const user = officeUserOf(session);
      const membership = await membershipOf(session);
      const page = await signings.list(
        session.portalId,
        { dealId: session.dealId ?? '' },
        { limit: DEAL_LIMIT },
      );
      const visible = page.signings.filter((signing) => maySee(signing, user, membership));
      const version = visible.map((signing) => `${signing.id}.${signing.revision}`).join('_') || 'none';
      if (version === knownVersion) return undefined;
      const cards = visible.map((signing) => present(session, signing, membership));
      return {
        cards,
        version,
        hidden: Math.max(0, page.total - page.signings.length),
        blocked: membership?.blocked === true && !user.isAdmin,
        timeZone: session.timeZone,
      };
    },

    async dealDocuments(session: FrameSession) {
      return {
        documents: (await portal.listDocuments(session.portalId, session.dealId ?? '')).slice(0, 100),
      };
    },

    async settings(session: FrameSession) {
      const current = await settings.get(session.portalId);
      const robots = ['send_for_signing', 'check_status'] as const;
      return {
        robots: robots.map((code) => ({ code, on: current.robots[code] !== false })),
        senders: current.senders,
        expiresInDays: current.expiresInDays,
        notify: NOTIFIABLE.map((type) => ({ type, on: current.notify[type] === true })),
      };
    },

    async employees(session: FrameSession) {
      const all = await employees.list(session.portalId);
      const sorted = [...all].sort((a, b) => a.name.localeCompare(b.name, session.language));
      return {
        employees: sorted.map((employee) => employeeView(employee, clock.now())),
        timeZone: session.timeZone,
      };
    },

    async employee(session: FrameSession, userId: string) {
      const employee = await employees.get(session.portalId, userId);
      return { employee: employee && employeeView(employee, clock.now()), timeZone: session.timeZone };
    },

    async foundUsers(session: FrameSession, text: string) {
      const users = await portal.searchUsers(session.portalId, text);
      const registered = new Set((await employees.list(session.portalId)).map((employee) => employee.userId));
      return { text, users: users.map((user) => ({ ...user, registered: registered.has(user.id) })) };
    },

    async me(session: FrameSession) {
      const employee = await employees.get(session.portalId, session.userId);
      return {
        employee: employee && employeeView(employee, clock.now()),
        consentVersion: MANDATE_VERSION,
        isAdmin: session.isAdmin,
        timeZone: session.timeZone,
      };
    },

    async balance(session: FrameSession) {
      return balance.show(session.portalId);
    },
  };
}

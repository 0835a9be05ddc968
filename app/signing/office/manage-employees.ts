import { createHash } from 'node:crypto';
import type { StoredFile } from '../../domain/signing.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Employee, EmployeeStore } from '../../ports/employee-store.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { Portal } from '../../ports/portal.ts';
import { checkPng } from './check-png.ts';
import { OfficeRefusal } from './office-refusal.ts';

/** Version of the consent text (`office.mandate_text`) that is agreed to in the app; a new text gets a new version. */
export const MANDATE_VERSION = '2026-2';

export interface EmployeeRights {
  readonly canSign: boolean;
  readonly canSend: boolean;
  readonly blocked: boolean;
}

/** The employees of a portal: who is registered, what they may do, their stored signature and mandate. */
export interface ManageEmployees {
  /** Registers an active portal user, who may then sign and send. Again for the same user changes nothing. */
  add(portalId: string, userId: string): Promise<Employee>;
  setRights(portalId: string, userId: string, rights: EmployeeRights): Promise<Employee>;
  /**
   * Stores a signature (PNG). A mandate is a consent to the signature its giver knew: when somebody else puts another
   * one in, the mandate ends.
   * @param byUserId who does it
   */
  setSignature(portalId: string, userId: string, png: Uint8Array, byUserId: string): Promise<Employee>;
  /** Ends the mandate too: there is nothing left to apply. */
  removeSignature(portalId: string, userId: string): Promise<Employee>;
  /** The PNG, or nothing when there is none. */
  readSignature(portalId: string, userId: string): Promise<Uint8Array | undefined>;
  /** By the employee in person. @param version of the text that was on the screen */
  giveMandate(portalId: string, userId: string, version: string): Promise<Employee>;
  revokeMandate(portalId: string, userId: string): Promise<Employee>;
  remove(portalId: string, userId: string): Promise<void>;
}

export function createManageEmployees(deps: {
  employees: EmployeeStore;
  files: FileStore;
  portal: Portal;
  clock: Clock;
}): ManageEmployees {
  const { employees, files, portal, clock } = deps;

  const require = async (portalId: string, userId: string): Promise<Employee> => {
    const employee = await employees.get(portalId, userId);
    if (!employee) throw new OfficeRefusal('not_registered');
    return employee;
  };
  const save = async (employee: Employee, fields: Partial<Employee>): Promise<Employee> => {
    const next = { ...employee, ...fields, updatedAt: clock.now() };
    await employees.save(next);
    return next;
  };
  const ended = (employee: Employee): Employee['mandate'] =>
    employee.mandate && { ...employee.mandate, revokedAt: employee.mandate.revokedAt ?? clock.now() };

  return {
    async add(portalId, userId) {
      const known = await employees.get(portalId, userId);
      if (known) return known;
      const facts = await portal.readFacts(portalId, { userIds: [userId] });
      const user = facts.users.get(userId);
      if (!user?.active) throw new OfficeRefusal('user_unknown');
      const { name, email, position } = user;
      const blank = { portalId, userId, name, email, position, updatedAt: clock.now() };
      return save({ ...blank, canSign: true, canSend: true, blocked: false }, {});
    },

    async setRights(portalId, userId, rights) {
      const { canSign, canSend, blocked } = rights;
      return save(await require(portalId, userId), { canSign, canSend, blocked });
    },

    async setSignature(portalId, userId, png, byUserId) {
      const employee = await require(portalId, userId);
      if (employee.blocked && byUserId === userId) throw new OfficeRefusal('blocked');
      await checkPng(png);
      const sha256 = createHash('sha256').update(png).digest('hex');
      // The id names the content: an older picture stays where signings that used it will look for it.
      const owner = createHash('sha256').update(`${portalId}:${userId}`).digest('hex').slice(0, 16);
      const file: StoredFile = {
        fileId: `employee-signature-${owner}-${sha256}`,
        name: 'signature.png',
        sha256,
        size: png.length,
        pages: 0,
      };
      await files.put(file.fileId, png, { portalId, name: file.name, type: 'image/png' });
      const replaced = byUserId !== userId && employee.signature?.sha256 !== sha256;
      return save(employee, { signature: file, mandate: replaced ? ended(employee) : employee.mandate });
    },

    async removeSignature(portalId, userId) {
      const employee = await require(portalId, userId);
      return save(employee, { signature: undefined, mandate: ended(employee) });
    },

    async readSignature(portalId, userId) {
      const employee = await employees.get(portalId, userId);
      return employee?.signature && files.get(employee.signature.fileId);
    },

    async giveMandate(portalId, userId, version) {
      const employee = await require(portalId, userId);
      if (employee.blocked) throw new OfficeRefusal('blocked');
      if (!employee.signature) throw new OfficeRefusal('no_signature');
      if (version !== MANDATE_VERSION) throw new OfficeRefusal('consent_outdated');
      const grantedAt = clock.now();
      return save(employee, {
        mandate: { kind: 'consent', grantedAt, consentVersion: version, recordedBy: userId },
      });
    },

    async revokeMandate(portalId, userId) {
      const employee = await require(portalId, userId);
      return save(employee, { mandate: ended(employee) });
    },

    remove: (portalId, userId) => employees.remove(portalId, userId),
  };
}

import type { Signing } from './signing.ts';
import { isCollecting, mayFollow } from './signing-status.ts';

/** A person of the portal who looks at the app, as the portal confirmed them. */
export interface OfficeUser {
  readonly userId: string;
  readonly name: string;
  readonly isAdmin: boolean;
  /** The deal whose card the page stands in; the portal confirmed that this person may read it. */
  readonly dealId?: string;
}

/** What the app knows of a registered employee; nothing when the person is not registered. */
export interface Membership {
  readonly canSend: boolean;
  readonly blocked: boolean;
}

/** Settings, employees and other people's mandates are for the portal's admins. */
export const mayAdminister = (user: OfficeUser): boolean => user.isAdmin;

const isInvolved = (signing: Signing, user: OfficeUser): boolean =>
  signing.initiator.userId === user.userId ||
  signing.responsible.userId === user.userId ||
  signing.signers.some((signer) => signer.person.kind === 'employee' && signer.person.id === user.userId);

/**
 * Who sees a signing, its journal and its files: admins, those involved in it, and whoever the portal lets read its deal.
 * A blocked employee sees nothing.
 */
export function maySee(signing: Signing, user: OfficeUser, membership: Membership | undefined): boolean {
  if (user.isAdmin) return true;
  if (membership?.blocked) return false;
  return isInvolved(signing, user) || signing.entity.id === user.dealId;
}

/**
 * Who reminds, cancels and resumes: admins, the initiator, the responsible person, and an employee with the right to
 * send who may see the signing.
 */
export function mayManage(signing: Signing, user: OfficeUser, membership: Membership | undefined): boolean {
  if (user.isAdmin) return true;
  if (!maySee(signing, user, membership)) return false;
  const owns = signing.initiator.userId === user.userId || signing.responsible.userId === user.userId;
  return owns || membership?.canSend === true;
}

/** What makes sense in the signing's state, whoever asks. */
export const canRemind = (signing: Signing): boolean => isCollecting(signing.status);
export const canCancel = (signing: Signing): boolean => mayFollow(signing.status, 'cancelled');
export const canResume = (signing: Signing): boolean => signing.status === 'error';

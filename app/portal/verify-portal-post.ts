import { createHash, timingSafeEqual } from 'node:crypto';
import type { PortalInstallation, PortalStore } from '../ports/portal-store.ts';
import type { PostAuth } from './parse-portal-form.ts';

export type PostRefusal =
  /** No installation with this member id, or the app was removed there. */
  | 'unknown_portal'
  /** The application token is missing or another one. */
  | 'wrong_token';

/** A POST of the queue that is not from a portal of ours; answered with 403, changes nothing. */
export class PortalPostRefused extends Error {
  readonly code: PostRefusal;
  constructor(code: PostRefusal) {
    super(`portal post refused: ${code}`);
    this.name = 'PortalPostRefused';
    this.code = code;
  }
}

/** Compares texts in a time that does not depend on where they differ; an empty secret matches nothing. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected)) && expected !== '';
}

/**
 * Whether an event or a robot run comes from the portal it says: tenant by member id, application token in constant time
 * (docs: events/safe-event-handlers). Costs one read of the store.
 * @throws PortalPostRefused
 */
export async function verifyPortalPost(
  portals: Pick<PortalStore, 'get'>,
  auth: PostAuth,
): Promise<PortalInstallation> {
  const installation = auth.memberId ? await portals.get(auth.memberId) : undefined;
  if (!installation || installation.state === 'uninstalled') throw new PortalPostRefused('unknown_portal');
  if (!isSameSecret(auth.applicationToken, installation.applicationToken))
    throw new PortalPostRefused('wrong_token');
  return installation;
}

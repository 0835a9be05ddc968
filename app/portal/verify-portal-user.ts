import { PortalError } from '../ports/portal.ts';
import type { BatchCommand, BatchOutcomes } from './batch.ts';
import { resultIn } from './batch.ts';
import type { ClientIdentity } from './build-client.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { isRecord } from './rest-error.ts';
import { readId, readText } from './read-values.ts';
import { TIME_COMMAND, timeZoneIn } from './time-zone.ts';

/** What the portal itself says about a token. */
export interface VerifiedUser {
  readonly id: string;
  readonly name: string;
  readonly isAdmin: boolean;
  /** IANA name of their own, else the portal's offset (`+03:00`). */
  readonly timeZone: string;
}

export interface AppInfo {
  readonly code: string;
  readonly version: string;
  /** The installer has finished; until then the portal shows only the installer. */
  readonly installed: boolean;
  readonly language: string;
}

/**
 * Asks the portal who a token belongs to and which app it was given to, in one request.
 * @throws PortalError `foreign_app` when the token is another app's
 */
export async function verifyPortalUser(
  gateway: PortalGateway,
  identity: ClientIdentity,
  appCode: string,
  more: readonly BatchCommand[] = [],
): Promise<{ user: VerifiedUser; app: AppInfo; outcomes: BatchOutcomes }> {
  const outcomes = await gateway.batchAs(identity, [
    { key: 'profile', method: 'profile', params: {} },
    { key: 'app', method: 'app.info', params: {} },
    { key: 'admin', method: 'user.admin', params: {} },
    TIME_COMMAND,
    ...more,
  ]);
  const profile = recordIn(outcomes, 'profile');
  const info = recordIn(outcomes, 'app');
  if (readText(info['CODE']) !== appCode)
    throw new PortalError('foreign_app', "the token is another app's", false);
  const id = readId(profile['ID']);
  if (!id) throw new PortalError('bad_answer', 'profile: no id', false);
  return {
    user: {
      id,
      name: [profile['NAME'], profile['LAST_NAME']].map(readText).filter(Boolean).join(' '),
      isAdmin: resultIn(outcomes, 'admin') === true,
      timeZone: readText(profile['TIME_ZONE']) || timeZoneIn(outcomes),
    },
    app: {
      code: readText(info['CODE']),
      version: readText(info['VERSION']),
      installed: info['INSTALLED'] === true || ['Y', '1'].includes(readText(info['INSTALLED'])),
      language: readText(info['LANGUAGE_ID']),
    },
    outcomes,
  };
}

function recordIn(outcomes: BatchOutcomes, key: string): Record<string, unknown> {
  const result = resultIn(outcomes, key);
  if (!isRecord(result)) throw new PortalError('bad_answer', `${key}: no record in the answer`, false);
  return result;
}

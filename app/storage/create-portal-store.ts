import type { Connection } from 'mongoose';
import type { Logger } from '../logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { PortalInstallation, PortalStore, PortalTokens } from '../ports/portal-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { createLock } from './create-lock.ts';
import { portalModel } from './models/portal-model.ts';
import type { PortalRecord } from './models/portal-model.ts';
import { toPlain } from './to-plain.ts';

/** Long enough for a dead holder's lock to end and for a few others to have their turn first. */
const lockWaitS = (ttlS: number): number => ttlS + 30;

/**
 * Installations, their tokens encrypted. A portal whose tokens do not open (APP_SECRET was changed without
 * APP_SECRET_OLD) is an error, never an installation without tokens: an empty application token would be believed anew.
 */
export function createPortalStore({
  connection,
  secrets,
  clock,
  log,
}: {
  connection: Connection;
  secrets: Secrets;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
}): PortalStore {
  const portals = portalModel.on(connection);
  const lock = createLock({ connection, clock, log });

  const sealApplicationToken = (id: string, plain: string): string =>
    plain && secrets.seal(plain, `application-token:${id}`);

  const sealTokens = (id: string, { userId, expiresAt, ...pair }: PortalTokens): PortalRecord['tokens'] => ({
    userId,
    sealed: secrets.seal(JSON.stringify([pair.accessToken, pair.refreshToken]), `tokens:${id}`),
    expiresAt,
  });

  const openTokens = (
    id: string,
    { userId, sealed, expiresAt }: NonNullable<PortalRecord['tokens']>,
  ): PortalTokens => {
    const [accessToken, refreshToken] = JSON.parse(secrets.open(sealed, `tokens:${id}`)) as [string, string];
    return { userId, accessToken, refreshToken, expiresAt };
  };

  const toInstallation = ({
    _id,
    sealedApplicationToken,
    tokens,
    ...rest
  }: PortalRecord): PortalInstallation =>
    toPlain({
      id: _id,
      ...rest,
      applicationToken:
        sealedApplicationToken && secrets.open(sealedApplicationToken, `application-token:${_id}`),
      tokens: tokens && openTokens(_id, tokens),
    });

  return {
    get: async (id) => {
      const record = await portals.findOne({ _id: id }).lean();
      return record ? toInstallation(record) : undefined;
    },
    getByDomain: async (domain) => {
      // A host can be given to another portal after a rename: the one heard of last has it.
      const record = await portals.findOne({ domain }).sort({ updatedAt: -1 }).lean();
      return record ? toInstallation(record) : undefined;
    },
    list: async () => {
      const records = await portals.find({}).sort({ _id: 1 }).lean();
      return records.map(toInstallation);
    },
    save: async ({ id, applicationToken, tokens, ...rest }) => {
      await portals.replaceOne(
        { _id: id },
        toPlain({
          ...rest,
          sealedApplicationToken: sealApplicationToken(id, applicationToken),
          tokens: tokens && sealTokens(id, tokens),
        }),
        { upsert: true },
      );
    },
    update: async (id, { applicationToken, tokens, ...rest }) => {
      await portals.updateOne(
        { _id: id },
        {
          $set: toPlain({
            updatedAt: clock.now(),
            ...rest,
            ...(applicationToken !== undefined && {
              sealedApplicationToken: sealApplicationToken(id, applicationToken),
            }),
            ...(tokens && { tokens: sealTokens(id, tokens) }),
          }),
          ...(tokens === null && { $unset: { tokens: 1 } }),
        },
      );
    },
    withLock: (id, name, ttlS, work) => lock.run(`${name}:${id}`, ttlS, lockWaitS(ttlS), work),
    purge: async (id) => {
      await portals.deleteOne({ _id: id });
    },
  };
}

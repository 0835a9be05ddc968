import type { Connection, QueryFilter } from 'mongoose';
import { DEFAULT_SEALING } from '../domain/sealing-plan.ts';
import type { SealingPlan } from '../domain/sealing-plan.ts';
import type { Signing } from '../domain/signing.ts';
import { DocumentLocked, RevisionConflict } from '../ports/signing-store.ts';
import type { SigningFilter, SigningStore } from '../ports/signing-store.ts';
import { insertOnce, isDuplicate } from './insert-once.ts';
import {
  OPEN_LIST_KEY,
  OPTIONAL_INDEX_FIELDS,
  signingModel,
  toSigningRecord,
  wordsOf,
} from './models/signing-model.ts';
import type { SigningRecord } from './models/signing-model.ts';
import { toPlain } from './to-plain.ts';

/** Signings of the first version had one seal at the end and no strip. */
const BEFORE_PLANS: SealingPlan = { ...DEFAULT_SEALING, mode: 'one_seal', pageStrip: false };
const opened = ({ signing }: Pick<SigningRecord, 'signing'>): Signing =>
  toPlain({ ...signing, sealing: signing.sealing ?? BEFORE_PLANS });

const MAX_SEARCH_WORDS = 6;
const MAX_CREATE_TRIES = 5;
const ids = (records: readonly { _id: string }[]): string[] => records.map((record) => record._id);

/** Signings, one MongoDB document each: state, journal, effects and the keys they are found by are one write. */
export function createSigningStore({ connection }: { connection: Connection }): SigningStore {
  const signings = signingModel.on(connection);

  const read = async (filter: QueryFilter<SigningRecord>): Promise<Signing | undefined> => {
    const record = await signings.findOne(filter, { signing: 1 }).lean();
    return record ? opened(record) : undefined;
  };

  const findLocker = (record: Omit<SigningRecord, 'leaseOwner' | 'leaseUntil'>) =>
    signings
      .findOne(
        {
          portalId: record.portalId,
          lockedDocuments: { $in: [...record.documentRefs] },
          _id: { $ne: record._id },
        },
        { _id: 1 },
      )
      .lean();

  async function create(signing: Signing): Promise<Signing> {
    const record = toSigningRecord(signing);
    for (let tries = 1; tries <= MAX_CREATE_TRIES; tries += 1) {
      if (await insertOnce(signings, record)) return record.signing;
      const stored = await read({ _id: record._id });
      if (stored && stored.portalId !== signing.portalId) {
        throw new Error(`signing id ${signing.id} is another portal's`);
      }
      if (stored) return stored;
      const locker = await findLocker(record);
      if (locker) throw new DocumentLocked(locker._id);
      // Whoever held the document has ended between our write and our read: the way may be free now.
    }
    throw new Error(`signing ${signing.id} was not stored: its documents change hands too often`);
  }

  async function save(signing: Signing): Promise<Signing> {
    const record = toSigningRecord({ ...signing, revision: signing.revision + 1 });
    const { _id, ...fields } = record;
    const absent = OPTIONAL_INDEX_FIELDS.filter((name) => record[name] === undefined);
    try {
      const result = await signings.updateOne(
        { _id, revision: signing.revision },
        {
          $set: fields,
          ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map((name) => [name, 1])) }),
        },
      );
      if (result.matchedCount === 0) throw new RevisionConflict(signing.id);
      return record.signing;
    } catch (error) {
      // Only where a finished signing is opened again and its document has gone into another one.
      const locker = isDuplicate(error) ? await findLocker(record) : undefined;
      throw locker ? new DocumentLocked(locker._id) : error;
    }
  }

  const filterOf = (
    portalId: string,
    { dealId, status, search }: SigningFilter,
  ): QueryFilter<SigningRecord> => {
    const words = wordsOf(search ?? '').slice(0, MAX_SEARCH_WORDS);
    return {
      portalId,
      ...(dealId !== undefined && { dealId }),
      ...(status !== undefined && { status }),
      // Beginnings of words: an anchored expression without case folding is a range of the index.
      ...(words.length > 0 && { $and: words.map((word) => ({ words: new RegExp(`^${word}`) })) }),
    };
  };

  const list: SigningStore['list'] = async (portalId, filter, { limit, cursor }) => {
    const wanted = filterOf(portalId, filter);
    const [records, total] = await Promise.all([
      signings
        .find(
          { ...wanted, ...(cursor !== undefined && { listKey: { $lt: cursor } }) },
          { listKey: 1, signing: 1 },
        )
        .sort({ listKey: -1 })
        .limit(limit + 1)
        .lean(),
      signings.countDocuments(wanted),
    ]);
    const page = records.slice(0, limit);
    const next = records.length > limit ? page.at(-1)?.listKey : undefined;
    return { signings: page.map(opened), ...(next && { next }), total };
  };

  return {
    create,
    save,
    list,
    get: (id, portalId) => read(portalId === undefined ? { _id: id } : { _id: id, portalId }),
    findByDocument: async (portalId, ref) => {
      const record = await signings
        .findOne({ portalId, documentRefs: ref }, { signing: 1 })
        .sort({ createdAt: -1, _id: -1 })
        .lean();
      return record ? opened(record) : undefined;
    },
    dueForEffects: async (now, limit) =>
      ids(
        await signings
          .find({ nextEffectAt: { $lte: now } }, { _id: 1 })
          .sort({ nextEffectAt: 1 })
          .limit(limit)
          .lean(),
      ),
    dueForExpiry: async (now, limit) =>
      ids(
        await signings
          .find({ expiresAt: { $lte: now } }, { _id: 1 })
          .sort({ expiresAt: 1 })
          .limit(limit)
          .lean(),
      ),
    openOfDeal: async (portalId, dealId) =>
      ids(await signings.find({ portalId, dealId, listKey: { $gte: OPEN_LIST_KEY } }, { _id: 1 }).lean()),
    openOfPortal: async (portalId, limit) =>
      ids(
        await signings
          .find({ portalId, listKey: { $gte: OPEN_LIST_KEY } }, { _id: 1 })
          .limit(limit)
          .lean(),
      ),
    purgePortal: async (portalId) => (await signings.deleteMany({ portalId })).deletedCount,
    lease: async (id, owner, now, seconds) => {
      const free = [{ leaseUntil: null }, { leaseUntil: { $lte: now } }, { leaseOwner: owner }];
      const result = await signings.updateOne(
        { _id: id, $or: free },
        { $set: { leaseOwner: owner, leaseUntil: new Date(now.getTime() + seconds * 1000) } },
      );
      return result.matchedCount === 1;
    },
    releaseLease: async (id, owner) => {
      await signings.updateOne({ _id: id, leaseOwner: owner }, { $unset: { leaseOwner: 1, leaseUntil: 1 } });
    },
  };
}

import type { Connection } from 'mongoose';
import type { Balance, BalanceState } from '../ports/balance.ts';
import { isDuplicate } from './insert-once.ts';
import { balanceModel } from './models/balance-model.ts';

/** How many grants of a portal are remembered: repeating one of them changes nothing. */
const REMEMBERED_GRANTS = 500;

const assertCount = (count: number): void => {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`${count} is not a number of signatures`);
};

/**
 * Accounts, one document per portal: sums, open reservations and the ids that make repetition harmless change together in
 * one atomic update, whose filter says when it applies. A reservation lives until `release`, which every signing's end
 * causes; afterwards its id is forgotten:
 * - `settle` without a reservation (released, or never made) does nothing, for nothing is held that could be spent;
 * - `settle` of more signers than were reserved does nothing either;
 * - `reserve` after `release` holds anew (a provider that lets a refusal be taken back asks for it);
 * - `reserve` again with another count keeps the first count.
 */
export function createBalance({ connection }: { connection: Connection }): Balance {
  const balances = balanceModel.on(connection);

  const show = async (portalId: string): Promise<BalanceState> => {
    const record = await balances.findOne({ _id: portalId }, { available: 1, reserved: 1, spent: 1 }).lean();
    return Object.freeze({
      available: record?.available ?? 0,
      reserved: record?.reserved ?? 0,
      spent: record?.spent ?? 0,
    });
  };

  const leftOf = async (portalId: string, signingId: string): Promise<number | undefined> => {
    const record = await balances
      .findOne({ _id: portalId, 'reservations.signingId': signingId }, { 'reservations.$': 1 })
      .lean();
    return record?.reservations[0]?.left;
  };

  const release = async (portalId: string, signingId: string): Promise<void> => {
    // What goes back has to be known before it is taken: the update applies only if nothing was settled in between.
    for (;;) {
      const left = await leftOf(portalId, signingId);
      if (left === undefined) return;
      const result = await balances.updateOne(
        { _id: portalId, reservations: { $elemMatch: { signingId, left } } },
        { $inc: { available: left, reserved: -left }, $pull: { reservations: { signingId } } },
      );
      if (result.matchedCount === 1) return;
    }
  };

  return {
    show,
    open: async (portalId, credits) => {
      const account = { available: credits, reserved: 0, spent: 0, reservations: [], grants: [] };
      try {
        await balances.updateOne({ _id: portalId }, { $setOnInsert: account }, { upsert: true });
      } catch (error) {
        // Two at once: the other one opened it.
        if (!isDuplicate(error)) throw error;
      }
    },
    grant: async (portalId, amount, grantId) => {
      assertCount(amount);
      const result = await balances.updateOne(
        { _id: portalId, grants: { $ne: grantId } },
        { $inc: { available: amount }, $push: { grants: { $each: [grantId], $slice: -REMEMBERED_GRANTS } } },
      );
      if (result.matchedCount === 0 && !(await balances.exists({ _id: portalId }))) {
        throw new Error(`portal ${portalId} has no balance`);
      }
      return show(portalId);
    },
    reserve: async (portalId, signingId, count) => {
      assertCount(count);
      const result = await balances.updateOne(
        { _id: portalId, available: { $gte: count }, 'reservations.signingId': { $ne: signingId } },
        {
          $inc: { available: -count, reserved: count },
          $push: { reservations: { signingId, left: count, settled: [] } },
        },
      );
      return result.matchedCount === 1 || (await leftOf(portalId, signingId)) !== undefined;
    },
    settle: async (portalId, signingId, signerId) => {
      await balances.updateOne(
        {
          _id: portalId,
          reservations: { $elemMatch: { signingId, left: { $gt: 0 }, settled: { $ne: signerId } } },
        },
        {
          $inc: { reserved: -1, spent: 1, 'reservations.$[held].left': -1 },
          $push: { 'reservations.$[held].settled': signerId },
        },
        { arrayFilters: [{ 'held.signingId': signingId }] },
      );
    },
    release,
    releaseAll: async (portalId) => {
      const record = await balances.findOne({ _id: portalId }, { reservations: 1 }).lean();
      for (const { signingId } of record?.reservations ?? []) await release(portalId, signingId);
    },
    purgePortal: async (portalId) => {
      await balances.deleteOne({ _id: portalId });
    },
  };
}

import type { Model } from 'mongoose';

/** MongoDB's "duplicate key" (11000): a unique index holds the value already. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 11000;

/**
 * Inserts a record as it is (it has its final shape, so mongoose need not copy it).
 * @returns false when its `_id` or another unique key is taken; nothing changes then
 */
export async function insertOnce<T extends { readonly _id: unknown }>(
  model: Model<T>,
  record: T,
): Promise<boolean> {
  try {
    await model.collection.insertOne(record as unknown as Parameters<typeof model.collection.insertOne>[0]);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

import mongoose from 'mongoose';
import type { Connection } from 'mongoose';
import type { Logger } from '../logger.ts';
import { ensureIndexes } from './ensure-indexes.ts';

export interface Store {
  readonly connection: Connection;
  readonly db: NonNullable<Connection['db']>;
  /** @throws when the store does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a connection of its own (never mongoose's global one) with every index in place.
 * @param uri `mongodb://…/database`
 * @param serverSelectionMs how long to look for a server, here and whenever it is gone
 * @throws when no server answers in that time or an index cannot be made
 */
export async function connectStore({
  uri,
  log,
  serverSelectionMs = 10_000,
}: {
  uri: string;
  log: Logger;
  serverSelectionMs?: number;
}): Promise<Store> {
  const connection = mongoose.createConnection(uri, { serverSelectionTimeoutMS: serverSelectionMs });
  connection.on('error', (err: unknown) => log.error({ err }, 'store connection failed'));
  let closing = false;
  connection.on('disconnected', () => {
    if (!closing) log.warn('store disconnected');
  });
  connection.on('reconnected', () => log.info('store connected again'));
  try {
    await connection.asPromise();
    await ensureIndexes(connection);
  } catch (error) {
    closing = true;
    await connection.destroy();
    throw error;
  }
  const { db } = connection;
  if (!db) throw new Error('the connection is not open');
  return {
    connection,
    db,
    ping: async () => {
      await db.command({ ping: 1 });
    },
    close: async () => {
      closing = true;
      await connection.close();
    },
  };
}

import { DatabaseSync } from 'node:sqlite';

export interface OwnerLock {
  release(): void;
}

/**
 * Tries to become the one owner of a data folder, without waiting. The lock is an open exclusive transaction on a small
 * SQLite file of its own: the operating system ends it with the process, even on kill -9.
 * @returns undefined when another process (or thread) is the owner.
 */
export function tryOwnerLock(file: string): OwnerLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // the default journal: in WAL mode an exclusive transaction would not keep others from opening the file
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === 5) return undefined; // SQLITE_BUSY
    throw error;
  }
}

import { createCursors } from './commands/cursors.ts';
import { createCommandRunner } from './commands/run-command.ts';
import { openCatalog } from './storage/catalog.ts';
import { openSqlite, type Durability } from './storage/sqlite.ts';
import { sweepExpired } from './storage/sweep-expired.ts';
import { listen } from './wire/listen.ts';

export interface ServedStore {
  close(): Promise<void>;
}

interface ServeOptions {
  readonly file: string;
  readonly socketPath: string;
  readonly durability: Durability;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onError: (error: unknown, where: string) => void;
}

/** How often TTL indexes and idle cursors are looked at; mongod does so every minute. */
const sweepEveryMs = 30_000;

/** Opens the data file and answers on the socket, all in this thread. Only the owner of the data may call it. */
export async function serveStore({
  file,
  socketPath,
  durability,
  now,
  onError,
}: ServeOptions): Promise<ServedStore> {
  const sqlite = openSqlite(file, durability);
  const catalog = openCatalog(sqlite);
  const cursors = createCursors({ now });
  const commands = createCommandRunner({ sqlite, catalog, cursors, now: () => new Date(now()) }, onError);
  const listener = await listen(socketPath, commands, (error) => onError(error, 'connection'));
  const sweep = setInterval(() => {
    try {
      cursors.sweepIdle();
      sweepExpired(sqlite, catalog, new Date(now()));
    } catch (error) {
      onError(error, 'sweep');
    }
  }, sweepEveryMs);
  return {
    async close() {
      clearInterval(sweep);
      await listener.close();
      sqlite.close();
    },
  };
}

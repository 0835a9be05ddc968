import type { Durability } from '../storage/sqlite.ts';

/** What the store thread is started with. */
export interface ThreadOptions {
  readonly dataDir: string;
  readonly durability: Durability;
}

/** What the store thread tells the application's thread. The only message the other way is "close". */
export type ThreadMessage =
  | { readonly type: 'owner' | 'joined'; readonly socketPath: string }
  | { readonly type: 'error'; readonly where: string; readonly message: string };

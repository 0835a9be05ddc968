import type { Notification } from './types.ts';

export type Notifications = ReturnType<typeof createNotifications>;

/** The bell. A new notice with the TAG of an old one replaces it. */
export function createNotifications({ now }: { now: () => number }) {
  let list: Notification[] = [];
  let nextId = 5001;
  return {
    add(notice: Omit<Notification, 'id' | 'at' | 'read'>): Notification {
      if (notice.tag) {
        list = list.filter((old) => !(old.tag === notice.tag && old.userId === notice.userId));
      }
      const stored = { ...notice, id: nextId++, at: now(), read: false };
      list.push(stored);
      return stored;
    },
    of: (userId: number): Notification[] => list.filter((notice) => notice.userId === userId),
    markRead(userId: number): void {
      for (const notice of list) if (notice.userId === userId) notice.read = true;
    },
  };
}

import type { Activity, TimelineEntry } from './types.ts';

export type Timeline = ReturnType<typeof createTimeline>;

/** Timeline entries and activities. */
export function createTimeline({ now }: { now: () => number }) {
  const entries: TimelineEntry[] = [];
  const activities = new Map<number, Activity>();
  let nextEntryId = 42_001;
  let nextActivityId = 8_001;

  function add(entry: Omit<TimelineEntry, 'id' | 'created'> & { created?: number }): TimelineEntry {
    const stored = { ...entry, id: nextEntryId++, created: entry.created ?? now() };
    entries.push(stored);
    return stored;
  }

  return {
    add,
    of: (entityTypeId: number, entityId: number): TimelineEntry[] =>
      entries.filter((entry) => entry.entityTypeId === entityTypeId && entry.entityId === entityId),
    addActivity(activity: Omit<Activity, 'id' | 'created' | 'updated' | 'locked'>): Activity {
      const stored = { ...activity, id: nextActivityId++, created: now(), updated: now(), locked: false };
      activities.set(stored.id, stored);
      add({
        kind: activity.kind === 'todo' ? 'todo' : 'activity',
        entityTypeId: activity.ownerTypeId,
        entityId: activity.ownerId,
        authorId: activity.authorId,
        activityId: stored.id,
      });
      return stored;
    },
    activity: (id: number): Activity | undefined => activities.get(id),
    activities: (): Activity[] => [...activities.values()],
    /** Entries go when their deal goes. */
    removeOf(entityTypeId: number, entityId: number): void {
      for (const activity of activities.values()) {
        if (activity.ownerTypeId === entityTypeId && activity.ownerId === entityId)
          activities.delete(activity.id);
      }
      const kept = entries.filter((one) => one.entityTypeId !== entityTypeId || one.entityId !== entityId);
      entries.splice(0, entries.length, ...kept);
    },
  };
}

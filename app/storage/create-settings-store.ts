import type { Connection } from 'mongoose';
import { defaultSettings } from '../ports/settings-store.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { settingsModel } from './models/settings-model.ts';
import { fromEntries, toEntries } from './open-record.ts';
import { toPlain } from './to-plain.ts';

/** Settings. What was saved lies over the defaults, so what came later has its default. */
export function createSettingsStore({ connection }: { connection: Connection }): SettingsStore {
  const settings = settingsModel.on(connection);
  return {
    get: async (portalId) => {
      const defaults = defaultSettings(portalId);
      const record = await settings.findOne({ _id: portalId }).lean();
      if (!record) return toPlain(defaults);
      const { _id, robots, notify, documents, agreement, ...rest } = record;
      return toPlain({
        ...defaults,
        ...rest,
        robots: { ...defaults.robots, ...fromEntries(robots) },
        notify: { ...defaults.notify, ...fromEntries(notify) },
        documents: { ...defaults.documents, ...documents },
        agreement: { ...defaults.agreement, ...agreement },
      });
    },
    save: async ({ portalId, robots, notify, ...rest }) => {
      await settings.replaceOne(
        { _id: portalId },
        toPlain({ ...rest, robots: toEntries(robots), notify: toEntries(notify) }),
        { upsert: true },
      );
    },
    purgePortal: async (portalId) => {
      await settings.deleteOne({ _id: portalId });
    },
  };
}

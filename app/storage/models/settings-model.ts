import { Schema } from 'mongoose';
import type { PortalSettings } from '../../ports/settings-store.ts';
import type { Entry } from '../open-record.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface SettingsRecord extends Omit<PortalSettings, 'portalId' | 'robots' | 'notify'> {
  /** Portal id. */
  readonly _id: string;
  readonly robots: readonly Entry<boolean>[];
  readonly notify: readonly Entry<boolean>[];
}

const schema = new Schema<SettingsRecord>(
  {
    _id: String,
    robots: Schema.Types.Mixed,
    senders: String,
    expiresInDays: Number,
    notify: Schema.Types.Mixed,
  },
  schemaOptions,
);

export const settingsModel = defineModel('settings', schema);

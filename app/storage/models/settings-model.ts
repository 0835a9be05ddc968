import { Schema } from 'mongoose';
import type { PortalSettings } from '../../ports/settings-store.ts';
import type { Entry } from '../open-record.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface SettingsRecord extends Omit<
  PortalSettings,
  'portalId' | 'robots' | 'notify' | 'documents' | 'agreement'
> {
  /** Portal id. */
  readonly _id: string;
  readonly robots: readonly Entry<boolean>[];
  readonly notify: readonly Entry<boolean>[];
  /** Absent in records that were saved before there were such settings. */
  readonly documents?: PortalSettings['documents'];
  readonly agreement?: PortalSettings['agreement'];
}

const schema = new Schema<SettingsRecord>(
  {
    _id: String,
    robots: Schema.Types.Mixed,
    senders: String,
    expiresInDays: Number,
    notify: Schema.Types.Mixed,
    documents: Schema.Types.Mixed,
    agreement: Schema.Types.Mixed,
  },
  schemaOptions,
);

export const settingsModel = defineModel('settings', schema);

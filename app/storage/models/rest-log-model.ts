import { Schema } from 'mongoose';
import type { Types } from 'mongoose';
import type { RestLogEntry } from '../../ports/rest-log.ts';
import { defineModel, schemaOptions } from './define-model.ts';

const KEPT_S = 3 * 24 * 3600;

export interface RestLogRecord extends RestLogEntry {
  readonly _id: Types.ObjectId;
  readonly at: Date;
}

const schema = new Schema<RestLogRecord>(
  {
    portalId: String,
    at: Date,
    method: String,
    status: Number,
    code: String,
    durationMs: Number,
    requestId: String,
    paramShape: String,
  },
  schemaOptions,
);
schema.index({ portalId: 1, at: -1, _id: -1 });
schema.index({ at: 1 }, { expireAfterSeconds: KEPT_S });

export const restLogModel = defineModel('rest_log', schema);

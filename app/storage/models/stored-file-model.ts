import { Schema } from 'mongoose';
import type { Types } from 'mongoose';
import type { FileFacts } from '../../ports/file-store.ts';
import { defineModel, schemaOptions } from './define-model.ts';

/** Which GridFS file holds the bytes of a caller's id. */
export interface StoredFileRecord {
  readonly _id: string;
  readonly gridId: Types.ObjectId;
  readonly portalId: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly facts?: FileFacts;
}

const schema = new Schema<StoredFileRecord>(
  {
    _id: String,
    gridId: Schema.Types.ObjectId,
    portalId: String,
    name: String,
    type: String,
    size: Number,
    facts: Schema.Types.Mixed,
  },
  schemaOptions,
);
schema.index({ portalId: 1 });

export const storedFileModel = defineModel('stored_files', schema);

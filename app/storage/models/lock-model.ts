import { Schema } from 'mongoose';
import { defineModel, schemaOptions } from './define-model.ts';

/** Who may work now; gone when nobody does. */
export interface LockRecord {
  readonly _id: string;
  readonly owner: string;
  readonly until: Date;
}

const schema = new Schema<LockRecord>({ _id: String, owner: String, until: Date }, schemaOptions);

export const lockModel = defineModel('locks', schema);
